import { nameOf, selector } from './promql';
import { alertingRule, type AlertingRule } from './rule';

/** Lanes and dark launch: what is degraded before an objective says so. */
export function dataPathAlerts(): AlertingRule[] {
  return [...queueAlerts(), ...mirrorAlerts()];
}

function queueAlerts(): AlertingRule[] {
  const queue = { runbook: 'queues', severity: 'warning', labels: { kind: 'queue' } } as const;
  const commands = nameOf('commands');
  return [
    alertingRule({
      ...queue,
      alert: 'PointsmanQueueFull',
      expr: `sum by (transport) (rate(${nameOf('queueFull')}[5m])) / (sum by (transport) (rate(${commands}[5m])) > 0) > 0.01
and on (transport) sum by (transport) (increase(${nameOf('queueFull')}[5m])) >= 5`,
      for: '5m',
      summary:
        '{{ $value | humanizePercentage }} of the commands for devices on {{ $labels.transport }} find no room',
      description: 'Lanes are full: devices answer more slowly than commands come.',
    }),
    alertingRule({
      ...queue,
      alert: 'PointsmanQueueDegraded',
      expr: `sum by (transport) (increase(${nameOf('queueDegraded')}[15m])) > 0`,
      summary: 'Lanes of devices on {{ $labels.transport }} were found full too often',
      description: 'The log names each device (event queue_degraded).',
    }),
    alertingRule({
      ...queue,
      alert: 'PointsmanQueueRelief',
      expr: `sum by (transport) (increase(${selector(nameOf('queuePolicySwitches'), { reason: 'deadlock_prevention' })}[15m])) > 0`,
      summary: 'Blocking lanes on {{ $labels.transport }} drop the oldest, because nobody got in any more',
      description: 'They block again when they are below half and a minute has passed.',
    }),
  ];
}

function mirrorAlerts(): AlertingRule[] {
  const mirror = { runbook: 'mirror', severity: 'warning', labels: { kind: 'mirror' } } as const;
  const wrong = `sum(increase(${nameOf('darkLaunchErrors')}[15m]))`;
  const right = `sum(increase(${nameOf('darkLaunchSuccess')}[15m]))`;
  return [
    alertingRule({
      ...mirror,
      alert: 'PointsmanMirrorDisagrees',
      expr: `${wrong} / (${wrong} + ${right} > 0) > 0.01 and ${wrong} >= 20`,
      for: '5m',
      summary: '{{ $value | humanizePercentage }} of the shadowed commands differ from what legacy did',
      description: 'The dark launch would have gone otherwise. Its gate stays closed.',
    }),
    alertingRule({
      ...mirror,
      alert: 'PointsmanMirrorDropping',
      expr: `sum(increase(${nameOf('mirrorDropped')}[15m])) / (sum(increase(${nameOf('mirrorSampled')}[15m])) > 0) > 0.1`,
      for: '15m',
      summary: '{{ $value | humanizePercentage }} of the sampled commands are not examined',
      description:
        'The mirror gives up its own work first. What it still examines is a smaller sample than was asked for.',
    }),
    alertingRule({
      ...mirror,
      alert: 'PointsmanMirrorOff',
      expr: `max(${nameOf('mirrorBreaker')}) == 2`,
      for: '5m',
      summary: 'The mirror switched itself off',
      description:
        'It did something that could have hurt the real path, and tries again later with one command.',
    }),
  ];
}
