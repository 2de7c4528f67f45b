import type { RouteView } from '../api/schemas/devices';
import type { HistoryView } from '../api/schemas/history';
import type { RolloutView } from '../api/schemas/rollout';

/** Lines of `name   value`, the values in one column. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

export function renderRollout({ plan, automation, effectivePercentage, unchanged }: RolloutView): string {
  const measured =
    effectivePercentage === null
      ? 'no traffic in the last minute'
      : `${effectivePercentage.toFixed(1)} % of the last minute's commands`;
  const pins = Object.keys(plan.pins).length;
  return columns([
    ['percentage', `${plan.percentage} %`],
    ['effective', measured],
    ['holdback', `${plan.holdback} % stay on legacy`],
    [
      'automation',
      automation.kind === 'latched'
        ? `latched since ${automation.since} by ${automation.by}: ${automation.reason}`
        : automation.kind,
    ],
    ['generation', `${plan.generation}, revision ${plan.revision}`],
    ['set by', `${plan.setBy}, ${plan.setAt}: ${plan.reason}`],
    ...(pins > 0 ? [['pins', `${pins} devices`] as const] : []),
    ...(unchanged === undefined ? [] : [['unchanged', unchanged] as const]),
  ]);
}

export function renderRoute(route: RouteView): string {
  return columns([
    ['device', `${route.deviceId}${route.seen ? '' : ' (never seen here)'}`],
    ['transport', route.transport],
    ['because', because(route)],
    ['bucket', `${route.bucket} of 100000; new below ${Math.round(route.percentage * 1000)}`],
    [
      'holdback bucket',
      `${route.holdbackBucket} of 100000; legacy below ${Math.round(route.holdback * 1000)}`,
    ],
    [
      'plan',
      `${route.percentage} %, generation ${route.generation}, revision ${route.revision}, salt ${route.salt}`,
    ],
  ]);
}

function because({ reason, bucket, percentage, holdback }: RouteView): string {
  const share = (bucket / 1000).toFixed(3);
  switch (reason) {
    case 'pinned_legacy':
      return 'it is pinned to legacy';
    case 'pinned_new':
      return 'it is pinned to new';
    case 'holdback':
      return `it belongs to the ${holdback} % that stay on legacy for comparison`;
    case 'in_percentage':
      return `its place in the fleet, ${share} %, is below the plan's ${percentage} %`;
    default:
      return `its place in the fleet, ${share} %, is not below the plan's ${percentage} %`;
  }
}

export function renderHistory({ entries }: HistoryView): string {
  return entries
    .map(({ at, by, action, reason, before, after }) => {
      const change =
        before.percentage === after.percentage
          ? `${after.percentage} %`
          : `${before.percentage} % → ${after.percentage} %`;
      return `${at}  r${after.revision} g${after.generation}  ${action.padEnd(14)}  ${change.padEnd(16)}  ${by}: ${reason}\n`;
    })
    .join('');
}
