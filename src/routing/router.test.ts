import fc from 'fast-check';
import { deviceIds, onNew, planWith, routedBy } from '../../test/support/plans';
import { DEFAULT_HOLDBACK } from './plan';
import { Router } from './router';

const FLEET = deviceIds(100_000);
const SOME = FLEET.slice(0, 2_000);

describe('the share of devices on new', () => {
  const share = (percentage: number, holdback: number): number =>
    (100 * onNew(new Router(routedBy({ percentage, holdback }), 10), FLEET).length) / FLEET.length;

  test.each([10, 25, 50])('is %d %% within 0.3 points', (percentage) => {
    expect(Math.abs(share(percentage, 0) - percentage)).toBeLessThan(0.3);
  });

  test('is nobody at 0 % and everybody at 100 %', () => {
    expect(share(0, 0)).toBe(0);
    expect(share(100, 0)).toBe(100);
  });

  test.each([10, 25, 50, 100])('is %d %% of the 95 %% that the default holdback leaves', (percentage) => {
    expect(DEFAULT_HOLDBACK).toBe(5);
    expect(Math.abs(share(percentage, DEFAULT_HOLDBACK) - percentage * 0.95)).toBeLessThan(0.3);
  });

  test('is the same inside the holdback as outside: the two draws know nothing of each other', () => {
    const router = new Router(routedBy({ percentage: 25 }), 10);
    const inHoldback = FLEET.filter((id) => router.explain(id).buckets.holdback < 5_000);
    const shareOf = (ids: readonly string[]): number => (100 * onNew(router, ids).length) / ids.length;
    expect(inHoldback.length).toBeGreaterThan(4_700);
    // Of some 5,000 devices a share of 25 % scatters by 0.6 points; three times that is 1.8.
    expect(Math.abs(shareOf(inHoldback) - 25)).toBeLessThan(1.8);
  });
});

describe('Router', () => {
  const percentage = fc.nat({ max: 100_000 }).map((steps) => steps / 1000);

  test('moves no device back by a raise, and brings back the same devices after lowering and raising again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), percentage, percentage, (salt, one, other) => {
        const router = new Router(routedBy({ salt, holdback: 5 }), SOME.length);
        const at = (share: number): ReadonlySet<string> => {
          router.use(routedBy({ salt, holdback: 5, percentage: share }));
          return new Set(onNew(router, SOME));
        };
        const [low, high] = [at(Math.min(one, other)), at(Math.max(one, other))];
        expect([...low].filter((id) => !high.has(id))).toEqual([]);
        expect(at(Math.min(one, other))).toEqual(low);
        expect(at(Math.max(one, other))).toEqual(high);
      }),
      { numRuns: 25 },
    );
  });

  test('decides alike whether it remembers a device or not', () => {
    const remembers = new Router(routedBy({ percentage: 40, holdback: 5 }), SOME.length);
    const forgets = new Router(routedBy({ percentage: 40, holdback: 5 }), 1);
    onNew(remembers, SOME);
    expect(onNew(remembers, SOME)).toEqual(onNew(forgets, SOME));
  });

  test('follows a new plan with the very next decision', () => {
    const router = new Router(routedBy({ percentage: 0 }), 100);
    expect(router.decide('37962469').reason).toBe('above_percentage');
    const routed = routedBy({ percentage: 100, revision: 2 });
    router.use(routed);
    expect(router.decide('37962469').reason).toBe('in_percentage');
    expect(router.current).toBe(routed);
    router.use(routedBy({ percentage: 100, pins: { '37962469': 'new' } }, true));
    expect(router.decide('37962469').reason).toBe('in_percentage');
    router.use(routedBy({ percentage: 0, pins: { '37962469': 'new' } }, true));
    expect(router.decide('37962469').transport).toBe('legacy');
  });

  test('obeys the pins of each plan, from the first on, for the devices that they name alone', () => {
    const reasons = (router: Router): string[] =>
      ['37962469', '2de4b5d2'].map((device) => router.decide(device).reason);
    const router = new Router(routedBy({ pins: { '37962469': 'new' } }), 10);
    expect(reasons(router)).toEqual(['pinned_new', 'above_percentage']);
    router.use(routedBy({ pins: { '37962469': 'new', '2de4b5d2': 'legacy' } }, true));
    expect(reasons(router)).toEqual(['above_percentage', 'pinned_legacy']);
    router.use(routedBy());
    expect(reasons(router)).toEqual(['above_percentage', 'above_percentage']);
  });

  test('shuffles the fleet anew with a new salt, for cohort and holdback both', () => {
    const router = new Router(routedBy({ salt: 'a' }), SOME.length);
    onNew(router, SOME);
    router.use(routedBy({ salt: '7f3a' }));
    const fresh = new Router(routedBy({ salt: '7f3a' }), SOME.length);
    for (const id of SOME) expect(router.explain(id).buckets).toEqual(fresh.explain(id).buckets);
    // From the table of docs/routing.md.
    expect(router.explain('37962469').buckets).toEqual({ cohort: 50_235, holdback: 37_665 });
  });

  test('explains a decision with all that it was made of', () => {
    const routed = { plan: planWith({ salt: '7f3a', percentage: 50.236, revision: 8 }), latched: false };
    expect(new Router(routed, 10).explain('37962469')).toEqual({
      transport: 'new',
      reason: 'in_percentage',
      buckets: { cohort: 50_235, holdback: 37_665 },
      routed,
    });
  });
});
