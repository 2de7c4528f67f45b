import { entryWith, ROLLED_BACK } from '../../test/support/report-sources';
import { incidentsIn } from './incidents';

const JANUARY = { from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' };
const MINUTE = 60_000;
const [rollback, release] = ROLLED_BACK as [(typeof ROLLED_BACK)[number], (typeof ROLLED_BACK)[number]];

const paused = entryWith({
  at: '2026-01-02T11:30:00.000Z',
  action: 'pause',
  reason: 'a common cause',
  evidence: { rule: 'burn_1h_5m', critical: true },
  after: { automation: 'paused' },
});
const resumed = entryWith({
  at: '2026-01-02T11:40:00.000Z',
  action: 'resume',
  before: { automation: 'paused' },
  after: { automation: 'armed' },
});

describe('incidents', () => {
  it('last from the rollback to the release', () => {
    expect(incidentsIn([rollback, release], JANUARY)).toMatchObject({
      list: [{ kind: 'rollback', by: 'guard', automatic: true, endedBy: 'ben', lastedMs: 90 * MINUTE }],
      meanMs: 90 * MINUTE,
      medianMs: 90 * MINUTE,
      counted: 1,
      open: 0,
    });
  });

  it('are critical pauses too, and no others', () => {
    const idle = { ...paused, evidence: {} };
    expect(incidentsIn([idle, resumed], JANUARY).list).toEqual([]);
    expect(incidentsIn([paused, resumed], JANUARY)).toMatchObject({
      list: [{ kind: 'critical_pause' }],
      meanMs: 10 * MINUTE,
    });
  });

  it('are one when a pause becomes a rollback, from the pause to the release', () => {
    const { list } = incidentsIn([paused, { ...rollback, before: paused.after }, release], JANUARY);
    expect(list).toMatchObject([{ kind: 'rollback', from: paused.at, until: release.at }]);
    expect(list[0]?.cause).toContain('a common cause; then: new 11 bad');
  });

  it('that are not over are listed, and not in the mean', () => {
    expect(incidentsIn([rollback], JANUARY)).toMatchObject({
      list: [{ until: null, lastedMs: null }],
      meanMs: null,
      counted: 0,
      open: 1,
    });
  });

  it('that began before the history have no beginning, and are not in the mean', () => {
    expect(incidentsIn([release], JANUARY)).toMatchObject({
      list: [{ from: null, until: release.at, lastedMs: null }],
      counted: 0,
    });
  });

  it('of another time are left out, those that reach into it are not', () => {
    const after = { from: '2026-01-03T00:00:00.000Z', until: JANUARY.until };
    const amid = { from: '2026-01-02T13:00:00.000Z', until: '2026-01-02T14:00:00.000Z' };
    expect(incidentsIn([rollback, release], after).list).toEqual([]);
    expect(incidentsIn([rollback, release], amid).list).toHaveLength(1);
    const before = { from: JANUARY.from, until: '2026-01-02T00:00:00.000Z' };
    expect(incidentsIn([rollback, release], before).list).toEqual([]);
  });

  it('do not end with a second rollback, nor begin anew', () => {
    const again = { ...rollback, at: '2026-01-02T12:10:00.000Z', before: rollback.after };
    expect(incidentsIn([rollback, again, release], JANUARY).list).toHaveLength(1);
  });
});
