import { TRANSMITTED_OUTCOMES } from '../../kernel/words';
import type { Objective } from '../../slo/objectives';
import { anyOf } from '../alerts/promql';
import type { Board, Row } from './board';
import { bucketRates, CHOSEN, perSecond, quantile, share, total } from './expressions';
import { lines, queriesOf } from './panels';
import { badShare, counterpartOf, promised } from './promise';

const NEVER_LEFT = ['queue_full', 'expired'];
const COUNTED = [...TRANSMITTED_OUTCOMES, ...NEVER_LEFT];
const ended = (outcomes: readonly string[]): string =>
  perSecond('commands', ['transport'], { ...CHOSEN, outcome: anyOf(outcomes) });

/** Lanes: what waits, what finds no room, what is given up. */
export function queues(objectives: readonly Objective[]): Board {
  return {
    uid: 'pointsman-queues',
    title: 'Pointsman: queues',
    description: 'What waits in the lanes of devices, what finds no room, and what a full lane does about it',
    from: 'now-6h',
    tags: [],
    transportVariable: true,
    rows: [WAITING, turnedAway(counterpartOf('queue-full', objectives))],
  };
}

const WAITING: Row = {
  title: 'Waiting',
  panels: [
    lines(
      'Commands waiting and on the wire',
      'Over all lanes. Waiting that grows while nothing more is on the wire means devices that do not answer.',
      { waiting: total('waitingCommands'), 'on the wire': total('inFlightCommands') },
      { unit: 'short', runbook: 'queues#pointsmanqueuefull' },
    ),
    lines(
      'Wait in the lane',
      'From entering the lane to leaving it, or to the end of a command that never left.',
      {
        '{{transport}} p50': quantile('laneWait', 0.5, CHOSEN),
        '{{transport}} p99': quantile('laneWait', 0.99, CHOSEN),
      },
      { unit: 's' },
    ),
    {
      kind: 'heatmap',
      title: 'Wait in the lane, the whole distribution',
      description: 'Commands per second in each bucket of waiting.',
      unit: 's',
      queries: queriesOf('{{le}}', bucketRates('laneWait', CHOSEN)),
      width: 24,
      height: 8,
    },
  ],
};

function turnedAway(room: Objective | undefined): Row {
  return {
    title: 'Turned away',
    panels: [
      lines(
        'Found no room, or never left in time',
        `Of the commands that entered a lane, or would have.${promised(room)}`,
        { '{{transport}}': share(ended(NEVER_LEFT), ended(COUNTED)) },
        { ...badShare(room), width: 8, runbook: 'slo#pointsmanqueuefullburn' },
      ),
      lines(
        'Full, given up, expired',
        'Commands that a full lane refused, those that were given up for newer ones, and those whose deadline passed in the lane.',
        {
          '{{transport}} full': perSecond('queueFull', ['transport'], CHOSEN),
          '{{transport}} {{reason}}': perSecond('queueDropped', ['transport', 'reason'], CHOSEN),
          '{{transport}} expired': perSecond('queueExpired', ['transport'], CHOSEN),
        },
        { width: 8, runbook: 'queues#pointsmanqueuefull' },
      ),
      lines(
        'Degraded lanes, changes of policy, slow devices',
        'Lanes found full too often, blocking lanes that began to drop the oldest, and devices that are read more slowly.',
        {
          '{{transport}} degraded': perSecond('queueDegraded', ['transport'], CHOSEN),
          '{{transport}} {{reason}}': perSecond('queuePolicySwitches', ['transport', 'reason'], CHOSEN),
          'devices slowed': perSecond('devicesSlowed'),
          '{{transport}} write not taken': perSecond('drainTimeouts', ['transport'], CHOSEN),
        },
        { width: 8, runbook: 'queues#pointsmanqueuedegraded' },
      ),
    ],
  };
}
