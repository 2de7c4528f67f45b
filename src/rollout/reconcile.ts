import { isDeepStrictEqual } from 'node:util';
import { isLatched, type AuditEntry, type RolloutDocument } from './document';
import type { Expected, Loaded } from './plan-store';
import { afterLoss, lowerOfBoth, type Reasserting } from './reassertion';

/** What a process makes of what it finds in the store. */
export type Reconciled =
  | { readonly kind: 'same' }
  /** Somebody else has gone on from what is known: follow. */
  | { readonly kind: 'adopt'; readonly document: RolloutDocument; readonly handOver: boolean }
  /** The store contradicts what is known: act on this at once, and write it if `expected` still stands there. */
  | {
      readonly kind: 'reassert';
      readonly document: RolloutDocument;
      readonly entry: AuditEntry;
      readonly expected: Expected;
      readonly alarm: string;
      readonly handOver: boolean;
    }
  /** Nothing there is to be believed: what is known goes on, and somebody must look. */
  | { readonly kind: 'keep'; readonly alarm: string };

/**
 * Followed is only what comes after: a higher revision of a generation that is not older. All else means that the
 * store has lost writes, or that two wrote without knowing of each other; then the lower of both counts. So what a
 * machine re-asserts never puts a device on the new transport.
 */
export function reconcile(known: RolloutDocument, seen: Loaded, by: Reasserting): Reconciled {
  switch (seen.kind) {
    case 'refused':
      return { kind: 'keep', alarm: `what the store holds is not to be believed: ${seen.message}` };
    case 'empty': {
      const { document, entry } = afterLoss(known, by);
      const alarm = 'the store has lost the rollout that this process knows';
      const handOver = document !== known;
      return { kind: 'reassert', document, entry, expected: 'empty', alarm, handOver };
    }
    case 'found':
      return reconcileFound(known, seen.document, by);
  }
}

function reconcileFound(known: RolloutDocument, seen: RolloutDocument, by: Reasserting): Reconciled {
  if (isSame(known, seen)) return { kind: 'same' };
  // Several who re-assert at once say the same: one of them is written, and the others need not say it again.
  if (comesAfter(known, seen) || hasSameEffect(known, seen))
    return { kind: 'adopt', document: seen, handOver: opensGeneration(known, seen) };
  const { document, entry } = lowerOfBoth(known, seen, by);
  const handOver = opensGeneration(known, document);
  return { kind: 'reassert', document, entry, expected: seen, alarm: entry.reason, handOver };
}

/** Identity is generation, revision and writer: two who wrote the same revision wrote two documents. */
export function isSame(
  { plan: one, writer }: RolloutDocument,
  { plan: other, writer: by }: RolloutDocument,
): boolean {
  return one.generation === other.generation && one.revision === other.revision && writer === by;
}

function comesAfter(known: RolloutDocument, seen: RolloutDocument): boolean {
  const generations = seen.plan.generation - known.plan.generation;
  if (seen.plan.revision <= known.plan.revision || generations < 0) return false;
  // Only a new generation opens a latch: without one somebody has gone on who knew nothing of the latch.
  return generations > 0 || !isLatched(known) || isLatched(seen);
}

function hasSameEffect(known: RolloutDocument, seen: RolloutDocument): boolean {
  return isDeepStrictEqual(effectOf(known), effectOf(seen));
}

/** All that a document lets happen; not who says so, nor when. */
function effectOf({ plan, automation, freeze, position }: RolloutDocument): unknown {
  const { percentage, holdback, pins, mirror, salt, revision, generation } = plan;
  const traffic = { percentage, holdback, pins, mirror, salt, revision, generation };
  return [traffic, automation.kind, freeze === null, position.stage];
}

/** A rollback: what is in flight on the new transport is not transmitted again. */
function opensGeneration(known: RolloutDocument, next: RolloutDocument): boolean {
  return isLatched(next) && next.plan.generation > known.plan.generation;
}
