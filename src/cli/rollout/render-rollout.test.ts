import { LOOKED_AT, viewWith } from '../../../test/support/rollout-views';
import { renderChanged, renderLine, renderStatus } from './render-rollout';

const STAMP = { since: '2026-01-03T11:00:00.000Z', by: 'guard', reason: 'replies are missing' };

describe('the tree of the status', () => {
  it('shows the whole rollout', () => {
    expect(renderStatus(viewWith(), LOOKED_AT)).toBe(
      `rollout at 10 %, effective 9.8 %; generation 3, revision 17
├─ automation  armed: the machine climbs as gates allow
├─ set by      ana, 2026-01-01 14:00:00 UTC (2 d ago): the first step
├─ traffic     10 % new, 5 % held back on legacy, mirror off, 8 of 10 moved devices have spoken since
├─ ladder      2 of 3, canary-10 since 2026-01-01 14:00:00 UTC (2 d ago), next canary-25
│  ├─ ✓ dark-launch  0 %   done
│  ├─ ▶ canary-10    10 %  current
│  │  ├─ ✓ hold            open
│  │  ├─ … clean commands  closed   in 40 min  2,995 clean commands needed, 1,204 seen
│  │  └─ ✗ success         failing             99.1 % of 99.5 %
│  └─ · canary-25    25 %  ahead
├─ guard       watching, failures x10 at 8 % of the evidence it wants, 9.5 % on new
│  ├─ since 13:58:01 2 of 90 commands failed or were late on new, 1 of 900 on legacy
│  └─ would see: total failure in 2.0 s, ten times as many failures in 1 min 1 s, twice as many in 1 h 6 min, broken devices from 4 % of the moved ones on
├─ alerts      arrive; the watchdog was heard 2026-01-03 13:59:30 UTC (30 s ago)
├─ replicas    2
│  ├─ a  g3 r17 at 10 %  60 devices  answers this
│  └─ b  g3 r16 at 5 %   40 devices  heard 2 s ago  FOLLOWS ANOTHER PLAN
└─ store       redis, healthy
`,
    );
  });

  it('begins with the latch, who left it and why, and the command that lifts it', () => {
    const text = renderStatus(viewWith({ automation: { kind: 'latched', ...STAMP } }), LOOKED_AT);
    expect(text.split('\n').slice(1, 3)).toEqual([
      '├─ LATCHED     by guard, 2026-01-03 11:00:00 UTC (3 h ago): replies are missing',
      '│  └─ nothing is raised until: pointsman release --reason "…"',
    ]);
  });

  it('says once who rolled back and why, and where the evidence is', () => {
    const { plan } = viewWith();
    const rolledBack = { ...plan, setAt: STAMP.since, setBy: STAMP.by, reason: STAMP.reason, revision: 18 };
    const view = viewWith({ automation: { kind: 'latched', ...STAMP }, plan: rolledBack });
    const text = renderStatus(view, LOOKED_AT);
    expect(text).toContain('│  ├─ evidence: pointsman history --explain 18\n');
    expect(text.match(/replies are missing/g)).toHaveLength(1);
  });

  it('gives each of several lacks of a gate a line of its own', () => {
    const gates = [
      { name: 'all', state: 'closed', lacks: 'one thing; another', readyAt: null, onFail: 'hold' },
    ] as const;
    expect(renderStatus(viewWith({ gates: [...gates] }), LOOKED_AT)).toContain(
      '… all  closed\n│  │     ├─ one thing\n│  │     └─ another\n',
    );
  });

  it('begins with the freeze and the command that lifts it', () => {
    const text = renderStatus(viewWith({ freeze: STAMP }), LOOKED_AT);
    expect(text).toContain('├─ FROZEN      by guard');
    expect(text).toContain('nothing is raised until: pointsman unfreeze --reason "…"');
  });

  it('says who paused, since when and why', () => {
    const text = renderStatus(viewWith({ automation: { kind: 'paused', ...STAMP } }), LOOKED_AT);
    expect(text).toContain(
      'automation  paused by guard, 2026-01-03 11:00:00 UTC (3 h ago): replies are missing',
    );
  });

  it('begins with what is wrong with the store, what is not stored, and what a rollback does now', () => {
    const store = { kind: 'redis', healthy: false, detail: 'it does not answer', unstored: 2 } as const;
    const text = renderStatus(viewWith({ store }), LOOKED_AT);
    expect(text.split('\n').slice(1, 3)).toEqual([
      '├─ STORE       redis, NOT HEALTHY: it does not answer, 2 changes in effect are not stored yet',
      '│  └─ nothing is raised; a rollback takes effect on the replica that is asked: ask each of them, with --url',
    ]);
    expect(text).toContain('replicas    others are heard of through the store alone\n');
  });

  it('shows approvals, and why a clock began again', () => {
    const approvals = [{ by: 'ben', role: 'operator', at: STAMP.since, reason: 'seen it' }];
    const clockReset = { at: STAMP.since, why: 'a critical incident' };
    const text = renderStatus(viewWith({ stage: { ...viewWith().stage, approvals, clockReset } }), LOOKED_AT);
    expect(text).toContain('└─ approved by ben (operator), 2026-01-03 11:00:00 UTC (3 h ago): seen it');
    expect(text).toContain('its clock began again 2026-01-03 11:00:00 UTC (3 h ago): a critical incident');
  });

  it('says so when there is no traffic, and counts the pins', () => {
    const { plan } = viewWith();
    const pinned = { ...plan, pins: { '00000001': 'new', '00000002': 'legacy' } } as const;
    const text = renderStatus(viewWith({ effectivePercentage: null, plan: pinned }), LOOKED_AT);
    expect(text).toContain('rollout at 10 %, no traffic in the last minute');
    expect(text).toContain('2 pins (1 to new)');
  });
});

describe('what came of a change', () => {
  it('is told in one line', () => {
    expect(renderChanged(viewWith())).toBe(
      '10 %, holdback 5 %; automation armed; stage canary-10 (2 of 3); generation 3, revision 17\n',
    );
  });

  it('begins with why nothing was changed', () => {
    expect(renderChanged(viewWith({ unchanged: 'already at 10 %' }))).toMatch(
      /^unchanged: already at 10 %\n10 %,/,
    );
  });

  it('ends with the command that lifts a latch or a freeze', () => {
    expect(renderChanged(viewWith({ automation: { kind: 'latched', ...STAMP }, freeze: STAMP }))).toContain(
      'latched; to lift it: pointsman release --reason "…"\nfrozen; to lift it: pointsman unfreeze --reason "…"\n',
    );
  });
});

describe('the line for a log', () => {
  it('says how many gates are not open', () => {
    expect(renderLine(viewWith())).toBe(
      'r17 g3 | 10 % (effective 9.8 %) | armed | canary-10, 2 of 3 gates not open',
    );
    expect(renderLine(viewWith({ gates: [], freeze: STAMP }))).toContain(
      'armed, frozen | canary-10, no gate closed',
    );
  });
});
