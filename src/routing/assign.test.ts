import fc from 'fast-check';
import { planWith } from '../../test/support/plans';
import { assign, holdbackSalt, type Buckets, type Decision } from './assign';
import { BUCKETS } from './bucket';

const DEVICE = '37962469';

const bucket = fc.nat({ max: BUCKETS - 1 });
const buckets: fc.Arbitrary<Buckets> = fc.record({ cohort: bucket, holdback: bucket });
const percentage = fc.nat({ max: 100_000 }).map((steps) => steps / 1000);
const pins = fc.constantFrom({}, { [DEVICE]: 'new' as const }, { [DEVICE]: 'legacy' as const });

/** What the plan says of the one device that these tests ask for. */
const assigned = (buckets: Buckets, routed: Parameters<typeof assign>[2]): Decision =>
  assign(routed.plan.pins[DEVICE], buckets, routed);

describe('assign', () => {
  const inBoth = { cohort: 0, holdback: 0 };
  const inCohort = { cohort: 0, holdback: 99_999 };
  const outside = { cohort: 99_999, holdback: 99_999 };
  const pinnedNew = { [DEVICE]: 'new' } as const;
  const pinnedLegacy = { [DEVICE]: 'legacy' } as const;

  test.each<[string, Parameters<typeof planWith>[0], Buckets, boolean, Decision]>([
    [
      'a pin to legacy before the percentage',
      { pins: pinnedLegacy, percentage: 100 },
      inCohort,
      false,
      { transport: 'legacy', reason: 'pinned_legacy' },
    ],
    [
      'a pin to legacy while latched too',
      { pins: pinnedLegacy, percentage: 100 },
      inCohort,
      true,
      { transport: 'legacy', reason: 'pinned_legacy' },
    ],
    [
      'a pin to new before the holdback',
      { pins: pinnedNew, holdback: 5 },
      inBoth,
      false,
      { transport: 'new', reason: 'pinned_new' },
    ],
    [
      'no pin to new while latched, so the holdback',
      { pins: pinnedNew, holdback: 5, percentage: 100 },
      inBoth,
      true,
      { transport: 'legacy', reason: 'holdback' },
    ],
    [
      'no pin to new while latched, so the percentage',
      { pins: pinnedNew },
      inCohort,
      true,
      { transport: 'legacy', reason: 'above_percentage' },
    ],
    [
      'the holdback before the percentage',
      { holdback: 5, percentage: 100 },
      inBoth,
      false,
      { transport: 'legacy', reason: 'holdback' },
    ],
    [
      'the percentage for a device below it',
      { holdback: 5, percentage: 10 },
      inCohort,
      false,
      { transport: 'new', reason: 'in_percentage' },
    ],
    [
      'legacy for a device above the percentage',
      { holdback: 5, percentage: 10 },
      outside,
      false,
      { transport: 'legacy', reason: 'above_percentage' },
    ],
    [
      'the pin of this device only',
      { pins: { ffffffff: 'new' } },
      inCohort,
      false,
      { transport: 'legacy', reason: 'above_percentage' },
    ],
  ])('obeys %s', (_rule, plan, at, latched, decision) => {
    expect(assigned(at, { plan: planWith(plan), latched })).toEqual(decision);
  });

  test.each([
    [0, 0, 'legacy'],
    [0.001, 0, 'new'],
    [0.001, 1, 'legacy'],
    [33.333, 33_332, 'new'],
    [33.333, 33_333, 'legacy'],
    [57.295, 57_294, 'new'],
    [57.295, 57_295, 'legacy'],
    [99.999, 99_999, 'legacy'],
    [100, 99_999, 'new'],
  ])('at %s %% gives bucket %i to %s: each 0.001 %% is one bucket', (share, cohort, transport) => {
    const decision = assigned(
      { cohort, holdback: 0 },
      { plan: planWith({ percentage: share }), latched: false },
    );
    expect(decision.transport).toBe(transport);
    const held = assigned(
      { cohort: 0, holdback: cohort },
      { plan: planWith({ percentage: 100, holdback: share }), latched: false },
    );
    expect(held.reason).toBe(transport === 'new' ? 'holdback' : 'in_percentage');
  });

  test('nests cohorts: whatever is on new at a lower percentage is on new at a higher one', () => {
    fc.assert(
      fc.property(
        fc.record({ at: buckets, pinned: pins, holdback: percentage, latched: fc.boolean() }),
        percentage,
        percentage,
        ({ at, pinned, holdback, latched }, one, other) => {
          const transportAt = (share: number): string =>
            assigned(at, { plan: planWith({ percentage: share, pins: pinned, holdback }), latched })
              .transport;
          const low = transportAt(Math.min(one, other));
          const high = transportAt(Math.max(one, other));
          expect([low, high]).not.toEqual(['new', 'legacy']);
        },
      ),
    );
  });

  test('latching moves no device to new', () => {
    fc.assert(
      fc.property(
        fc.record({ at: buckets, pinned: pins, holdback: percentage, share: percentage }),
        (the) => {
          const plan = planWith({ percentage: the.share, pins: the.pinned, holdback: the.holdback });
          const before = assigned(the.at, { plan, latched: false }).transport;
          const after = assigned(the.at, { plan, latched: true }).transport;
          expect([before, after]).not.toEqual(['legacy', 'new']);
        },
      ),
    );
  });

  test('draws the holdback by a salt of its own', () => {
    expect(holdbackSalt(planWith({ salt: 'säl🚂t' }))).toBe('säl🚂t/holdback');
  });
});
