import type { Change, RolloutDecision } from '../../src/rollout/decision';
import { decide } from '../../src/rollout/decide';
import type { RolloutDocument } from '../../src/rollout/document';
import type { RolloutEvent } from '../../src/rollout/event';
import { judgementWith } from './judgements';
import { contextWith, STAMP } from './plans';

export const WISH = { by: 'ana', reason: 'try a tenth', at: '2026-01-02T03:04:05.000Z' };
export const PAUSED = { kind: 'paused', ...STAMP } as const;

export const set = (percentage: number, confirmed = false): RolloutEvent => ({
  ...WISH,
  kind: 'set_percentage',
  percentage,
  confirmed,
});
export const keepBack = (holdback: number, confirmed = false): RolloutEvent => ({
  ...WISH,
  kind: 'set_holdback',
  holdback,
  confirmed,
});
export const pin = (pins: Record<string, 'new' | 'legacy' | null>, confirmed = false): RolloutEvent => ({
  ...WISH,
  kind: 'set_pins',
  pins,
  confirmed,
});
export const mirror = (on: boolean, percentage: number): RolloutEvent => ({
  ...WISH,
  kind: 'set_mirror',
  on,
  percentage,
});
export const backTo = (to: 'zero' | 'previous_stage', generation?: number): RolloutEvent => ({
  ...WISH,
  kind: 'rollback',
  to,
  generation,
  evidence: { failures: 12 },
});
export const rollback = backTo('zero');
export const stop = (generation?: number, critical = false): RolloutEvent => ({
  ...WISH,
  kind: 'pause',
  generation,
  critical,
  evidence: {},
});
export const promote = (confirmed = false): RolloutEvent => ({
  ...WISH,
  kind: 'promote',
  judgement: judgementWith(),
  confirmed,
});
export const plain = (kind: 'resume' | 'freeze' | 'unfreeze' | 'release'): RolloutEvent => ({
  ...WISH,
  kind,
});
export const approve = (role = 'admin', by = 'ana'): RolloutEvent => ({ ...WISH, by, kind: 'approve', role });

export function changeOf(decision: RolloutDecision): Change {
  if (decision.kind !== 'change') throw new Error(`expected a change, got ${decision.kind}`);
  return decision;
}

export function messageOf(decision: RolloutDecision): string {
  if (decision.kind !== 'refused') throw new Error(`expected a refusal, got ${decision.kind}`);
  return decision.error.message;
}

/** The code of a refusal, "unchanged", or where it leads in short. */
export function brief(document: RolloutDocument, event: RolloutEvent, context = contextWith()): string {
  const decision = decide(document, event, context);
  if (decision.kind === 'refused') return decision.error.code;
  if (decision.kind !== 'change') return decision.kind;
  const { plan, automation, position } = decision.document;
  const generation = plan.generation - document.plan.generation;
  const order = decision.order === 'act_first' ? 'acts' : 'stores';
  return `${plan.percentage} % ${automation.kind} +${generation} ${order}${decision.handOver ? ' handover' : ''} ${position.stage}`;
}
