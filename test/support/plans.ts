import { seededRandom } from '../../src/kernel/random';
import { safePlan, type Plan } from '../../src/routing/plan';
import type { Router, Routed } from '../../src/routing/router';
import type { RolloutDocument } from '../../src/rollout/document';

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
  const stamp = { since: '2026-01-01T00:00:00.000Z', by: 'guard', reason: 'replies are missing' };
  return { plan: planWith(over), automation: { kind: 'latched', ...stamp }, ...AT_THE_START };
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
