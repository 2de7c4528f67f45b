import { guardViewWith, LOOKED_AT, viewWith } from '../../../test/support/rollout-views';
import { headline, type Seen } from './headline';
import { objectiveWith, slosWith } from '../../../test/support/overview-views';

const DAY_MS = 86_400_000;
const open = { name: 'hold', state: 'open', lacks: null, readyAt: null, onFail: 'hold' } as const;
const seen = (over: Partial<Seen> = {}): Seen => ({
  view: viewWith({ gates: [open] }),
  slos: slosWith(),
  ...over,
});
const { alerting } = viewWith();
const silent = viewWith({
  gates: [open],
  alerting: { ...alerting, watchdog: { state: 'silent', heardAt: null } },
});
const muted = viewWith({
  gates: [open],
  alerting: { ...alerting, mutes: { state: 'muted', by: ['ben: a silence'], why: null } },
});
const watchless = viewWith({ gates: [open], guard: guardViewWith({ state: 'off' }) });

describe('the sentence at the top', () => {
  it('says where the ramp stands, that it is safe, and when it can be done', () => {
    const ladder = viewWith().ladder.map((rung) => ({ ...rung, holdMs: 3 * DAY_MS }));
    expect(headline(seen({ view: viewWith({ gates: [open], ladder }) }), LOOKED_AT)).toEqual({
      tone: 'good',
      where: '10 % of the fleet is on the new transport (stage 2 of 3, canary-10)',
      safe: 'safe: every objective is met',
      done: 'canary-25 can come now, and the end at the earliest Sat 3 Jan 2026, 14:00 UTC',
    });
  });

  it('adds the holds of the stages in between to the earliest end', () => {
    const rungs = viewWith().ladder;
    const more = [...rungs, { ...(rungs[2] as (typeof rungs)[number]), name: 'full' }];
    const ladder = more.map((rung) => ({ ...rung, holdMs: 3 * DAY_MS }));
    const { done } = headline(seen({ view: viewWith({ gates: [open], ladder }) }), LOOKED_AT);
    expect(done).toContain('Tue 6 Jan 2026');
  });

  it('is bad news while latched, whatever the objectives say, and says who and why', () => {
    const view = viewWith({
      automation: { kind: 'latched', since: '2026-01-03T13:00:00Z', by: 'guard', reason: 'new fails' },
    });
    expect(headline(seen({ view }), LOOKED_AT)).toMatchObject({
      tone: 'bad',
      safe: 'it was rolled back by guard and is latched: new fails',
      done: 'nothing rises until somebody releases it',
    });
  });

  it('names the objectives that are not met, but for those that are only observed', () => {
    const failing = slosWith({
      verdict: 'fail',
      objectives: [
        objectiveWith({ title: 'Commands are applied', verdict: 'fail' }),
        objectiveWith({ title: 'Queues have room', verdict: 'fail', observeOnly: true }),
      ],
    });
    expect(headline(seen({ slos: failing }), LOOKED_AT)).toMatchObject({
      tone: 'bad',
      safe: 'not safe: Commands are applied not within the objective',
    });
  });

  it.each([
    ['a verdict that nobody could come to', { slos: slosWith({ verdict: 'unknown' }) }, 'unknown'],
    ['a silent way of alerts', { view: silent }, 'unknown'],
    ['muted alerts', { view: muted }, 'unknown'],
    ['no guard', { view: watchless }, 'unknown'],
    ['too little evidence', { slos: slosWith({ verdict: 'insufficient' }) }, 'waiting'],
    ['nothing heard of the objectives yet', { slos: undefined }, 'waiting'],
  ] as const)('never calls it safe with %s', (_, over, tone) => {
    const told = headline(seen(over), LOOKED_AT);
    expect(told.tone).toBe(tone);
    expect(told.safe).not.toMatch(/^safe/);
  });

  it('names the gate of which nobody knows when it opens', () => {
    expect(headline(seen({ view: viewWith() }), LOOKED_AT).done).toBe(
      'when canary-25 comes is open: see “success”',
    );
  });

  it.each([
    [{ freeze: { since: '', by: 'ana', reason: 'holidays' } }, 'frozen by ana: holidays'],
    [{ stage: { ...viewWith().stage, next: null } }, 'the ladder is at its end'],
    [{ automation: { kind: 'paused' as const, by: 'ben' } }, 'paused by ben; canary-25 can come now'],
    [{ automation: { kind: 'manual' as const } }, 'climbed by hand; canary-25 can come now'],
  ])('says what holds it: %j', (over, words) => {
    expect(headline(seen({ view: viewWith({ gates: [open], ...over }) }), LOOKED_AT).done).toContain(words);
  });
});
