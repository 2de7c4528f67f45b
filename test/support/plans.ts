import { seededRandom } from '../../src/kernel/random';
import { safePlan, type Plan } from '../../src/routing/plan';
import type { Router, Routed } from '../../src/routing/router';
import type { RolloutContext, RolloutPolicy } from '../../src/rollout/decision';
import { defaultLadder } from '../../src/rollout/default-ladder';
import type { Position, RolloutDocument } from '../../src/rollout/document';

/** A plan at 0 % with neither holdback nor pins, but for what `over` says. */
export function planWith(over: Partial<Plan> = {}): Plan {
  const about = {
    salt: 'ramp26',
    holdback: 0,
    setBy: 'ana',
    reason: 'start',
    setAt: '2026-01-01T00:00:00.000Z',
  };
  return { ...safePlan(about), revision: 1, ...over };
}

/** What a router follows. */
export function routedBy(over: Partial<Plan> = {}, latched = false): Routed {
  return { plan: planWith(over), latched };
}

/** Who has stopped a rollout, and why. */
export const STAMP = { since: '2026-01-01T00:00:00.000Z', by: 'guard', reason: 'replies are missing' };

const AT_THE_START: Pick<RolloutDocument, 'freeze' | 'position' | 'writer'> = {
  freeze: null,
  position: {
    stage: 'dark-launch',
    enteredAt: '2026-01-01T00:00:00.000Z',
    clockReset: null,
    approvals: [],
    days: [],
    told: [],
    guardRates: null,
    lastDrill: null,
  },
  writer: 'test',
};

/** A rollout at revision 1 that only people move. */
export function documentWith(over: Partial<Plan> = {}): RolloutDocument {
  return { plan: planWith(over), automation: { kind: 'manual' }, ...AT_THE_START };
}

/** A rollout that a rollback has left behind. */
export function latchedDocument(over: Partial<Plan> = {}): RolloutDocument {
  return { plan: planWith(over), automation: { kind: 'latched', ...STAMP }, ...AT_THE_START };
}

/** A rollout that the ladder moves, entered into its stage at the start of 2026. */
export function armedDocument(stage: string, over: Partial<Plan> = {}): RolloutDocument {
  return inStage(stage, { ...documentWith(over), automation: { kind: 'armed' } });
}

export function inStage(
  stage: string,
  document: RolloutDocument,
  over: Partial<Position> = {},
): RolloutDocument {
  return { ...document, position: { ...document.position, stage, ...over } };
}

const POLICY: RolloutPolicy = { maxStep: 25, maxPins: 1_000 };

/** The default ladder, and no more than 25 % of the devices in one step. */
export function contextWith(over: Partial<RolloutContext> = {}): RolloutContext {
  return { policy: POLICY, ladder: defaultLadder(), ...over };
}

/** Device ids as the fleet has them: spread over all 32 bits, the same ones for the same seed. */
export function deviceIds(count: number, seed = 1): string[] {
  const random = seededRandom(seed);
  const ids = new Set<string>();
  while (ids.size < count)
    ids.add(
      Math.floor(random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    );
  return [...ids];
}

/** Those of `ids` that the router gives the new transport. */
export function onNew(router: Router, ids: readonly string[]): string[] {
  return ids.filter((id) => router.decide(id).transport === 'new');
}
