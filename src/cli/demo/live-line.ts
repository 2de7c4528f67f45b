import type { RolloutView } from '../../api/schemas/rollout';
import type { TransportView } from './tally';

/** What is going on, in one line: per transport its share, its success and its median; of the plan its generation. */
export function liveLine(
  views: readonly TransportView[],
  rollout: RolloutView,
  devices: { ready: number; size: number },
): string {
  const rate = views.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const { plan, automation } = rollout;
  const latch = automation.kind === 'latched' ? ', latched' : '';
  return [
    `${rate.toFixed(0)} commands/s`,
    ...views.map(transportText),
    `plan ${plan.percentage} %${latch} g${plan.generation}`,
    `${devices.ready}/${devices.size} devices`,
  ].join(' | ');
}

function transportText({ transport, sharePercent, appliedPercent, medianMs }: TransportView): string {
  const share = `${transport} ${sharePercent.toFixed(1)} %`;
  if (appliedPercent === undefined) return share;
  return `${share}: ${appliedPercent.toFixed(2)} % applied, ${medianMs?.toFixed(0) ?? '-'} ms`;
}

/** What changed between two looks at the rollout, or undefined. */
export function changeLine(before: RolloutView | undefined, after: RolloutView): string | undefined {
  if (!before || before.plan.revision === after.plan.revision) return undefined;
  const { percentage, setBy, reason, revision, generation } = after.plan;
  const change =
    percentage === before.plan.percentage
      ? `generation ${before.plan.generation} → ${generation}`
      : `${before.plan.percentage} % → ${percentage} %`;
  return `plan changed: ${change} (revision ${revision}) by ${setBy}: ${reason}`;
}
