import type { RouteView } from '../../api/schemas/devices';
import { aligned } from './tree';

/** Why a device gets its transport, and when it gets another one. */
export function renderRoute(route: RouteView): string {
  const { deviceId, seen, transport, bucket, holdbackBucket, percentage, holdback } = route;
  const rows = [
    ['device', `${deviceId}${seen ? '' : ' (never seen here)'}`],
    ['transport', transport],
    ['because', because(route)],
    ['bucket', `${bucket} of 100000; new below ${Math.round(percentage * 1000)}`],
    ['holdback bucket', `${holdbackBucket} of 100000; legacy below ${Math.round(holdback * 1000)}`],
    ['moves', moves(route)],
    ['plan', planText(route)],
  ];
  return `${aligned(rows).join('\n')}\n`;
}

function because({ reason, bucket, percentage, holdback, pin, latched }: RouteView): string {
  const share = (bucket / 1000).toFixed(3);
  const suspended = pin === 'new' && latched ? ' (its pin to new is suspended while latched)' : '';
  switch (reason) {
    case 'pinned_legacy':
      return 'it is pinned to legacy';
    case 'pinned_new':
      return 'it is pinned to new';
    case 'holdback':
      return `it belongs to the ${holdback} % that stay on legacy for comparison${suspended}`;
    case 'in_percentage':
      return `its place in the fleet, ${share} %, is below the plan's ${percentage} %`;
    default:
      return `its place in the fleet, ${share} %, is not below the plan's ${percentage} %${suspended}`;
  }
}

function moves({ pin, movesAt }: RouteView): string {
  if (pin !== null) return `its pin to ${pin} counts before the ladder`;
  if (movesAt === null) return 'at no stage of the ladder';
  const { stage, index, of, percentage, holdback, state } = movesAt;
  const where = `stage ${index} of ${of}, ${stage} (${percentage} %, holdback ${holdback} %)`;
  return state === 'ahead' ? `to new at ${where}` : `to new since ${where}`;
}

function planText({ percentage, generation, revision, salt }: RouteView): string {
  return `${percentage} %, generation ${generation}, revision ${revision}, salt ${salt}`;
}
