import type { RolloutView } from '../../../src/api/schemas/rollout';
import { standstill, type ActionName } from './actions';
import { countText } from './texts';

/** What somebody has filled in. */
export interface Draft {
  readonly percentage: string;
  readonly reason: string;
}

export interface ApiRequest {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const MAX_REASON = 500;
/** At most three decimals, as the API has it. */
const PERCENTAGE = /^(100(\.0{1,3})?|\d{1,2}(\.\d{1,3})?)$/;

export function percentageIn(text: string): number | undefined {
  return PERCENTAGE.test(text.trim()) ? Number(text) : undefined;
}

/** Why a draft cannot be sent; undefined when it can. */
export function objection(action: ActionName, draft: Draft, view: RolloutView): string | undefined {
  if (action === 'set') {
    const percentage = percentageIn(draft.percentage);
    if (percentage === undefined)
      return 'A percentage is a number from 0 to 100 with at most three decimals.';
    const still = standstill(view);
    if (percentage > view.plan.percentage && still !== undefined) return still;
  }
  const reason = draft.reason.trim();
  if (reason === '') return 'Say why: it is kept in the history.';
  return reason.length > MAX_REASON ? `A reason has at most ${MAX_REASON} characters.` : undefined;
}

export function requestFor(action: ActionName, draft: Draft, confirm: boolean): ApiRequest {
  const reason = draft.reason.trim();
  const confirmed = confirm ? { confirm: true } : {};
  switch (action) {
    case 'set':
      return {
        method: 'PUT',
        path: 'v1/rollout/percentage',
        body: { percentage: percentageIn(draft.percentage), reason, ...confirmed },
      };
    case 'promote':
      return { method: 'POST', path: 'v1/rollout/promote', body: { reason, ...confirmed } };
    default:
      return { method: 'POST', path: `v1/rollout/${action}`, body: { reason } };
  }
}

/** What must be typed to confirm: the percentage that comes of it. */
export function wordToType(action: ActionName, draft: Draft, view: RolloutView): string {
  if (action === 'set') return String(percentageIn(draft.percentage) ?? '');
  const next = view.ladder[view.stage.index];
  return String(Math.max(view.plan.percentage, next?.percentage ?? 0));
}

/** How many devices a new percentage moves, about: cohorts are drawn by a hash. */
export function blastRadius(view: RolloutView, percentage: number): string {
  const { plan, coverage } = view;
  const share = ((percentage - plan.percentage) / 100) * (1 - plan.holdback / 100);
  const devices = Math.round(Math.abs(share) * coverage.known);
  if (percentage === plan.percentage) return 'That is what it is now.';
  const direction = percentage > plan.percentage ? 'go to the new transport' : 'go back to legacy';
  return `About ${countText(devices)} of the ${countText(coverage.known)} devices known here ${direction}.`;
}
