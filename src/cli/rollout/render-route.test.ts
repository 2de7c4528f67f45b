import type { RouteView } from '../../api/schemas/devices';
import { renderRoute } from './render-route';

const ROUTE: RouteView = {
  deviceId: '37962469',
  transport: 'legacy',
  reason: 'above_percentage',
  bucket: 31_250,
  holdbackBucket: 70_000,
  percentage: 10,
  holdback: 5,
  salt: 'ramp26',
  revision: 4,
  generation: 1,
  seen: true,
  pin: null,
  latched: false,
  movesAt: { stage: 'canary-50', index: 4, of: 10, percentage: 50, holdback: 5, state: 'ahead' },
};

describe('a route explained', () => {
  it('says which rule decided, on which numbers, and when the device moves', () => {
    expect(renderRoute(ROUTE)).toBe(
      `device           37962469
transport        legacy
because          its place in the fleet, 31.250 %, is not below the plan's 10 %
bucket           31250 of 100000; new below 10000
holdback bucket  70000 of 100000; legacy below 5000
moves            to new at stage 4 of 10, canary-50 (50 %, holdback 5 %)
plan             10 %, generation 1, revision 4, salt ramp26
`,
    );
  });

  it.each([
    [{ reason: 'pinned_legacy', pin: 'legacy' }, 'because          it is pinned to legacy'],
    [{ reason: 'pinned_new', pin: 'new' }, 'because          it is pinned to new'],
    [{ reason: 'holdback' }, 'it belongs to the 5 % that stay on legacy for comparison'],
    [{ reason: 'in_percentage', percentage: 50 }, "31.250 %, is below the plan's 50 %"],
    [{ pin: 'new', latched: true }, '(its pin to new is suspended while latched)'],
    [{ pin: 'legacy' }, 'moves            its pin to legacy counts before the ladder'],
    [{ movesAt: null }, 'moves            at no stage of the ladder'],
    [{ seen: false }, '37962469 (never seen here)'],
  ] as const)('says of %j: %s', (over, sentence) => {
    expect(renderRoute({ ...ROUTE, ...over })).toContain(sentence);
  });

  it('says since which stage a device has been with the new transport', () => {
    const movesAt = {
      stage: 'canary-10',
      index: 2,
      of: 10,
      percentage: 10,
      holdback: 5,
      state: 'done',
    } as const;
    expect(renderRoute({ ...ROUTE, movesAt })).toContain('to new since stage 2 of 10, canary-10');
  });
});
