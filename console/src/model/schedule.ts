import type { RolloutView } from '../../../src/api/schemas/rollout';

/** When the present stage can be left, as far as its gates can tell. */
export type Leaving =
  { readonly kind: 'from'; readonly ms: number } | { readonly kind: 'unknown'; readonly gate: string };

export function leaving({ gates }: RolloutView, nowMs: number): Leaving {
  const stuck = gates.find(({ state, readyAt }) => state === 'failing' || (state === 'closed' && !readyAt));
  if (stuck) return { kind: 'unknown', gate: stuck.name };
  const moments = gates.flatMap(({ readyAt }) => (readyAt ? [Date.parse(readyAt)] : []));
  return { kind: 'from', ms: Math.max(nowMs, ...moments) };
}

/** When the last stage can be reached when nothing more gets in the way; undefined when nobody can tell. */
export function earliestEnd(view: RolloutView, nowMs: number): number | undefined {
  const leave = leaving(view, nowMs);
  if (leave.kind === 'unknown') return undefined;
  const between = view.ladder.slice(view.stage.index, -1);
  return between.reduce((ms, { holdMs }) => ms + holdMs, leave.ms);
}
