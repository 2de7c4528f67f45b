import { anyOf, nameOf } from '../alerts/promql';
import type { Board, Panel } from './board';
import { CHOSEN, perSecond, quantile, RATE, share, total, TRANSMITTED } from './expressions';

const NEVER_LEFT = ['queue_full', 'expired'];

/** Lanes: what waits, what finds no room, what is given up. */
export const QUEUES: Board = {
  uid: 'pointsman-queues',
  title: 'Pointsman: queues',
  description: 'What waits in the lanes of devices, what finds no room, and what a full lane does about it',
  from: 'now-6h',
  tags: [],
  transportVariable: true,
  rows: [
    { title: 'Waiting', panels: [waiting(), wait(), waitHeatmap()] },
    { title: 'Turned away', panels: [neverLeft(), turnedAway(), remedies()] },
  ],
};

function waiting(): Panel {
  return {
    kind: 'lines',
    title: 'Commands waiting and on the wire',
    description:
      'Over all lanes. Waiting that grows while nothing more is on the wire means devices that do not answer.',
    unit: 'short',
    queries: [
      { expr: total('waitingCommands'), legend: 'waiting' },
      { expr: total('inFlightCommands'), legend: 'on the wire' },
    ],
    width: 12,
    height: 8,
    floor: true,
    runbook: 'queues#pointsmanqueuefull',
  };
}

function wait(): Panel {
  return {
    kind: 'lines',
    title: 'Wait in the lane',
    description: 'From entering the lane to leaving it, or to the end of a command that never left.',
    unit: 's',
    queries: [0.5, 0.99].map((q) => ({
      expr: quantile('laneWait', q, CHOSEN),
      legend: `{{transport}} p${q * 100}`,
    })),
    width: 12,
    height: 8,
    floor: true,
  };
}

function waitHeatmap(): Panel {
  return {
    kind: 'heatmap',
    title: 'Wait in the lane, the whole distribution',
    description: 'Commands per second in each bucket of waiting.',
    unit: 's',
    queries: [
      {
        expr: `sum by (le) (rate(${nameOf('laneWait')}_bucket{transport=~"$transport"}[${RATE}]))`,
        legend: '{{le}}',
      },
    ],
    width: 24,
    height: 8,
  };
}

function neverLeft(): Panel {
  const counted = { ...CHOSEN, outcome: anyOf([...TRANSMITTED, ...NEVER_LEFT]) };
  return {
    kind: 'lines',
    title: 'Found no room, or never left in time',
    description: 'The share that the queue objective counts as bad. Its target leaves 1 %.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          perSecond('commands', ['transport'], { ...CHOSEN, outcome: anyOf(NEVER_LEFT) }),
          perSecond('commands', ['transport'], counted),
        ),
        legend: '{{transport}}',
      },
    ],
    width: 8,
    height: 8,
    steps: [
      { from: null, color: 'green' },
      { from: 0.01, color: 'red' },
    ],
    limits: true,
    floor: true,
    runbook: 'slo#pointsmanqueuefullburn',
  };
}

function turnedAway(): Panel {
  return {
    kind: 'lines',
    title: 'Full, given up, expired',
    description:
      'Commands that a full lane refused, those that were given up for newer ones, and those whose deadline passed in the lane.',
    unit: 'cps',
    queries: [
      { expr: perSecond('queueFull', ['transport'], CHOSEN), legend: '{{transport}} full' },
      {
        expr: perSecond('queueDropped', ['transport', 'reason'], CHOSEN),
        legend: '{{transport}} {{reason}}',
      },
      { expr: perSecond('queueExpired', ['transport'], CHOSEN), legend: '{{transport}} expired' },
    ],
    width: 8,
    height: 8,
    floor: true,
    runbook: 'queues#pointsmanqueuefull',
  };
}

function remedies(): Panel {
  return {
    kind: 'lines',
    title: 'Degraded lanes, changes of policy, slow devices',
    description:
      'Lanes found full too often, blocking lanes that began to drop the oldest, and devices that are read more slowly.',
    unit: 'cps',
    queries: [
      { expr: perSecond('queueDegraded', ['transport'], CHOSEN), legend: '{{transport}} degraded' },
      {
        expr: perSecond('queuePolicySwitches', ['transport', 'reason'], CHOSEN),
        legend: '{{transport}} {{reason}}',
      },
      { expr: `sum(rate(${nameOf('devicesSlowed')}[${RATE}]))`, legend: 'devices slowed' },
      { expr: perSecond('drainTimeouts', ['transport'], CHOSEN), legend: '{{transport}} write not taken' },
    ],
    width: 8,
    height: 8,
    floor: true,
    runbook: 'queues#pointsmanqueuedegraded',
  };
}
