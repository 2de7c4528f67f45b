import type { Change, RolloutDecision } from './decision';
import type { RolloutDocument } from './document';
import type { RolloutEvent } from './event';

/** A change that was in effect before it was stored, and waits for that. */
export interface Lowering {
  readonly change: Change;
  /** What was wished, so that it can be decided again on what others have made; undefined for a re-assertion. */
  readonly event: RolloutEvent | undefined;
}

/** A lowering for which the store was ahead: what stands there leaves it nothing to do. */
export interface Late {
  readonly lowering: Lowering;
  readonly why: string;
}

export interface Rebased {
  readonly document: RolloutDocument;
  readonly waiting: readonly Lowering[];
  readonly late: readonly Late[];
}

export interface RebaseRules {
  readonly decide: (document: RolloutDocument, event: RolloutEvent) => RolloutDecision;
  /** What a re-assertion becomes on another document; undefined when that document is to be followed. */
  readonly reassert: (known: RolloutDocument, onto: RolloutDocument) => Change | undefined;
}

/** What lowerings that wait become on top of a document that somebody else has stored in the meantime. Pure. */
export function rebase(
  lowerings: readonly Lowering[],
  onto: RolloutDocument,
  { decide, reassert }: RebaseRules,
): Rebased {
  let document = onto;
  const waiting: Lowering[] = [];
  const late: Late[] = [];
  for (const lowering of lowerings) {
    const { event } = lowering;
    const found = event ? changeOrWhy(decide(document, event)) : reassert(lowering.change.document, document);
    if (typeof found === 'object') {
      waiting.push({ change: found, event });
      document = found.document;
    } else {
      late.push({ lowering, why: found ?? 'the store is ahead of it' });
    }
  }
  return { document, waiting, late };
}

/** Only what still acts first is a lowering: on another document the same wish may have become a raise. */
function changeOrWhy(decision: RolloutDecision): Change | string {
  switch (decision.kind) {
    case 'change':
      return decision.order === 'act_first' ? decision : 'it would raise something by now';
    case 'refused':
      return decision.error.message;
    case 'unchanged':
    case 'dropped':
      return decision.why;
  }
}
