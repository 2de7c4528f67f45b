import { Readable } from 'node:stream';
import { LOOKED_AT, viewWith } from '../../../test/support/rollout-views';
import type { AuditEntryView } from '../../api/schemas/history';
import { ManualClock } from '../../kernel/manual-clock';
import { jsonScreen, lineScreen, terminalScreen } from './screen';

const STATE = {
  percentage: 10,
  holdback: 5,
  mirror: 0,
  pins: 0,
  revision: 18,
  generation: 3,
  automation: 'paused',
  stage: 'canary-10',
};
const ENTRY: AuditEntryView = {
  at: '2026-01-03T14:00:00.000Z',
  by: 'ana',
  action: 'pause',
  reason: 'lunch',
  before: { ...STATE, automation: 'armed', revision: 17 },
  after: STATE,
  evidence: {},
};

describe('what a watch writes', () => {
  let out: string[];
  const clock = new ManualClock(LOOKED_AT);
  const io = (columns?: number) => ({
    out: (text: string) => void out.push(text),
    err: () => {},
    stdin: Readable.from([]),
    columns: () => columns,
  });

  beforeEach(() => (out = []));

  it('is a line for each change where there is no terminal, and no control character', () => {
    const screen = lineScreen(io(), clock);
    screen.show(viewWith());
    screen.show(viewWith());
    screen.tell(ENTRY);
    screen.note('no answer; trying again');
    expect(out).toEqual([
      '14:00:00 r17 g3 | 10 % (effective 9.8 %) | armed | canary-10, 2 of 3 gates not open\n',
      '14:00:00 r18 pause: 10 %, armed → paused by ana: lunch\n',
      '14:00:00 no answer; trying again\n',
    ]);
  });

  it('says nothing of traffic that has hardly changed', () => {
    const screen = lineScreen(io(), clock);
    for (const effectivePercentage of [9.84, 9.9, 10.4, 10.6]) screen.show(viewWith({ effectivePercentage }));
    expect(out.map((line) => /effective ([\d.]+)/.exec(line)?.[1])).toEqual(['9.8', '10.6']);
  });

  it('is not cut on a terminal that does not know how wide it is', () => {
    terminalScreen(io(0), clock).show(viewWith());
    expect(out[0]).toContain('8 of 10 moved devices have spoken since');
  });

  it('is a JSON document a line for programs', () => {
    const screen = jsonScreen(io());
    screen.show(viewWith());
    screen.tell(ENTRY);
    screen.note('trying again');
    expect(out.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([
      ['rollout'],
      ['audit'],
      ['note'],
    ]);
    expect(out.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('is the tree on a terminal, drawn over itself, with the last changes below', () => {
    const screen = terminalScreen(io(200), clock);
    screen.show(viewWith());
    for (let count = 0; count < 9; count += 1) screen.tell({ ...ENTRY, reason: `lunch ${count}` });
    const last = out.at(-1) ?? '';
    expect(last.startsWith('\u001b[H\u001b[2Jrollout at 10 %')).toBe(true);
    expect([...last.matchAll(/lunch (\d)/g)].map(([, count]) => count)).toEqual(['4', '5', '6', '7', '8']);
  });

  it('cuts what is wider than the terminal, so that no line wraps', () => {
    terminalScreen(io(40), clock).show(viewWith());
    const lines = (out[0] ?? '').replace('\u001b[H\u001b[2J', '').split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(40);
  });
});
