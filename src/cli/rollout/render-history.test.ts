import type { AuditEntryView } from '../../api/schemas/history';
import { entryLine, renderHistory, renderRevision } from './render-history';

const BEFORE = {
  percentage: 10,
  holdback: 5,
  mirror: 0,
  pins: 0,
  revision: 4,
  generation: 1,
  automation: 'armed',
  stage: 'canary-10',
};
const ENTRY: AuditEntryView = {
  at: '2026-01-01T10:00:00.000Z',
  by: 'guard',
  action: 'rollback',
  reason: 'replies are missing',
  before: BEFORE,
  after: {
    ...BEFORE,
    percentage: 0,
    revision: 5,
    generation: 2,
    automation: 'latched',
    stage: 'dark-launch',
  },
  evidence: { failures: 12, rule: 'first failures' },
};

describe('the history', () => {
  it('has a line for each change: when, what, from where to where, who and why', () => {
    expect(renderHistory({ entries: [ENTRY], next: null })).toBe(
      '2026-01-01T10:00:00.000Z  r5 g2  rollback  10 % → 0 %, armed → latched, stage dark-launch  guard: replies are missing\n',
    );
  });

  it('ends with the command that shows older entries', () => {
    expect(renderHistory({ entries: [ENTRY], next: '4-1' })).toMatch(
      /\nolder entries: pointsman history --after 4-1\n$/,
    );
  });

  it('says so when it is empty', () => {
    expect(renderHistory({ entries: [], next: null })).toBe('the history is empty\n');
  });

  it('names no stage where the entry knew no ladder, as when the store was lost', () => {
    const lost = { ...ENTRY, after: { ...ENTRY.after, stage: '' } };
    expect(entryLine(lost)).toContain('10 % → 0 %, armed → latched by guard');
    expect(renderRevision({ revision: 5, entries: [lost] })).toContain('canary-10 → (by the percentage)');
  });

  it('is told in a line while it is watched', () => {
    expect(entryLine(ENTRY)).toBe(
      'r5 rollback: 10 % → 0 %, armed → latched, stage dark-launch by guard: replies are missing',
    );
  });
});

describe('one revision explained', () => {
  it('shows what it changed, and the evidence it rests on', () => {
    expect(renderRevision({ revision: 5, entries: [ENTRY] })).toBe(
      `revision 5: rollback by guard at 2026-01-01T10:00:00.000Z
  because     replies are missing
  percentage  10 → 0
  revision    4 → 5
  generation  1 → 2
  automation  armed → latched
  stage       canary-10 → dark-launch
  evidence
    failures  12
    rule      first failures
`,
    );
  });

  it('says so when nothing was changed and no evidence given', () => {
    const entry = { ...ENTRY, after: BEFORE, evidence: {} };
    expect(renderRevision({ revision: 4, entries: [entry] })).toContain(
      'because  replies are missing\n  changed  nothing\n  no evidence was given\n',
    );
  });
});
