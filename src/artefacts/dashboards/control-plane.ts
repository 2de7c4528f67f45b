import { nameOf } from '../alerts/promql';
import type { Board, LinesPanel, Row } from './board';
import { highest, lowest, perSecond, RATE, total } from './expressions';
import { lines, NONE_IS_GOOD, ONE_IS_GOOD, stat } from './panels';
import { ALERT_PATH, DARK_LAUNCH, GUARD } from './watchers';

const PAGE = 'control-plane';

const FIGURE = { width: 4, runbook: PAGE } as const;
const THIRD = { width: 8, height: 7 } as const;

const REPLICAS: Row = {
  title: 'Replicas',
  panels: [
    stat('Processes that answer', 'Targets whose last scrape succeeded.', `count(${nameOf('generation')})`, {
      ...FIGURE,
      steps: ONE_IS_GOOD,
    }),
    stat(
      'Replicas that know of each other',
      'Fewer than processes that answer: some cannot reach the store that they share.',
      lowest('replicas'),
      { ...FIGURE, steps: ONE_IS_GOOD },
    ),
    stat(
      'Leaders',
      'Exactly one looks at the rollout. Two for a moment are harmless, none for a minute is not.',
      total('leader'),
      {
        width: 4,
        steps: [...ONE_IS_GOOD, { from: 2, color: 'orange' }],
        runbook: `${PAGE}#pointsmanevaluatorsilent`,
      },
    ),
    stat(
      'Replicas follow different plans',
      '1 while they do so for longer than they may.',
      highest('revisionSkew'),
      { width: 4, steps: NONE_IS_GOOD, runbook: `${PAGE}#pointsmanrevisionskew` },
    ),
    lines(
      'Revision that each process follows',
      'The lines lie on each other; one that stays behind is a replica that does not hear of changes.',
      { '{{instance}}': nameOf('revision') },
      {
        unit: 'none',
        width: 24,
        height: 7,
        zoomed: true,
        decimals: 0,
        runbook: `${PAGE}#pointsmanrevisionskew`,
      },
    ),
  ],
};

const EVALUATOR: Row = {
  title: 'Evaluator',
  panels: [
    lines(
      'Looks at the rollout, by how they ended',
      'The leader looks four times a minute by default. Failed and overran should not be.',
      { '{{outcome}}': perSecond('ticks', ['outcome']) },
      { ...THIRD, runbook: `${PAGE}#pointsmanevaluatorsilent` },
    ),
    lines(
      'Notifications to people',
      'Failed: given up after the last try. Dropped: there was no room or no time.',
      { '{{kind}} {{outcome}}': perSecond('notifications', ['kind', 'outcome']) },
      { ...THIRD, runbook: `${PAGE}#pointsmannotificationsfail` },
    ),
    lines(
      'Failures of what replicas share',
      'Reads and writes of the plan, and the lease of the leader.',
      {
        'plan {{operation}}': perSecond('storeFailures', ['operation']),
        lease: perSecond('leaseFailures'),
        job: perSecond('jobFailures'),
      },
      { ...THIRD, runbook: 'store#pointsmanstorefailing' },
    ),
  ],
};

const PROCESS: Row = {
  title: 'Process',
  panels: [
    ofProcess(
      's',
      'Lag of the event loop, p99',
      'Everything waits for this: commands, heartbeats, the guard.',
      'nodejs_eventloop_lag_p99_seconds',
    ),
    ofProcess(
      'bytes',
      'Memory',
      'Resident. It should not grow while the number of devices does not.',
      'process_resident_memory_bytes',
    ),
    ofProcess(
      'none',
      'Processor',
      'Cores in use; one process uses little more than one.',
      `rate(process_cpu_seconds_total[${RATE}])`,
    ),
  ],
};

/** Of our processes only: others export the same names. */
function ofProcess(unit: string, title: string, description: string, expr: string): LinesPanel {
  const ours = `${expr} and on (job, instance) ${nameOf('generation')}`;
  const runbook = `${PAGE}#pointsmanprocessstruggling`;
  return lines(title, description, { '{{instance}}': ours }, { ...THIRD, unit, runbook });
}

/** Whether the control plane itself is well: who leads, whether it looks, whether it sees. */
export const CONTROL_PLANE: Board = {
  uid: 'pointsman-control-plane',
  title: 'Pointsman: control plane',
  description:
    'Whether the thing that watches is well: replicas, evaluator, guard, store, alert path, dark launch, process',
  from: 'now-6h',
  tags: [],
  transportVariable: false,
  rows: [REPLICAS, EVALUATOR, GUARD, ALERT_PATH, DARK_LAUNCH, PROCESS],
};
