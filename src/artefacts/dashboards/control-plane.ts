import { nameOf } from '../alerts/promql';
import type { Board, Panel } from './board';
import { highest, perSecond, RATE, total } from './expressions';

const NONE_IS_GOOD = [
  { from: null, color: 'green' },
  { from: 1, color: 'red' },
] as const;
const ONE_IS_GOOD = [
  { from: null, color: 'red' },
  { from: 1, color: 'green' },
] as const;

/** Whether the control plane itself is well: who leads, whether it looks, whether it sees. */
export const CONTROL_PLANE: Board = {
  uid: 'pointsman-control-plane',
  title: 'Pointsman: control plane',
  description:
    'Whether the thing that watches is well: replicas, evaluator, guard, store, alert path, dark launch, process',
  from: 'now-6h',
  tags: [],
  transportVariable: false,
  rows: [
    { title: 'Replicas', panels: [processesUp(), replicas(), leaders(), skew(), revisions()] },
    { title: 'Evaluator', panels: [ticks(), notifications(), store()] },
    {
      title: 'Guard',
      panels: [guardEvidence(), guardTripped(), guardControl(), guardShare(), guardDevices()],
    },
    { title: 'The way of alerts', panels: [watchdog(), muted(), alertsReceived(), ruleFailures()] },
    { title: 'Dark launch', panels: [mirrorAgreement(), mirrorLosses(), mirrorBreaker()] },
    { title: 'Process', panels: [eventLoop(), memory(), cpu()] },
  ],
};

function processesUp(): Panel {
  return stat({ title: 'Processes that answer', description: 'Targets whose last scrape succeeded.', expr: `count(${nameOf('generation')})`, steps: ONE_IS_GOOD });
}

function replicas(): Panel {
  return stat({ title: 'Replicas that know of each other', description: 'Fewer than processes that answer: some cannot reach the store that they share.', expr: `min(${nameOf('replicas')})`, steps: ONE_IS_GOOD });
}

function leaders(): Panel {
  return stat({ title: 'Leaders', description: 'Exactly one looks at the rollout. Two for a moment are harmless, none for a minute is not.', expr: total('leader'), steps: [
      { from: null, color: 'red' },
      { from: 1, color: 'green' },
      { from: 2, color: 'orange' },
    ], runbook: 'control-plane#pointsmanevaluatorsilent' });
}

function skew(): Panel {
  return stat({ title: 'Replicas follow different plans', description: '1 while they do so for longer than they may.', expr: highest('revisionSkew'), steps: NONE_IS_GOOD, runbook: 'control-plane#pointsmanrevisionskew' });
}

function revisions(): Panel {
  return {
    kind: 'lines',
    title: 'Revision that each process follows',
    description:
      'The lines lie on each other; one that stays behind is a replica that does not hear of changes.',
    unit: 'none',
    queries: [{ expr: nameOf('revision'), legend: '{{instance}}' }],
    width: 24,
    height: 7,
    decimals: 0,
    runbook: 'control-plane#pointsmanrevisionskew',
  };
}

function ticks(): Panel {
  return lines(
    'Looks at the rollout, by how they ended',
    'The leader looks four times a minute by default. Failed and overran should not be.',
    [{ expr: perSecond('ticks', ['outcome']), legend: '{{outcome}}' }],
    'control-plane#pointsmanevaluatorsilent',
  );
}

function notifications(): Panel {
  return lines(
    'Notifications to people',
    'Failed: given up after the last try. Dropped: there was no room or no time.',
    [{ expr: perSecond('notifications', ['kind', 'outcome']), legend: '{{kind}} {{outcome}}' }],
    'control-plane#pointsmannotificationsfail',
  );
}

function store(): Panel {
  return lines(
    'Failures of what replicas share',
    'Reads and writes of the plan, and the lease of the leader.',
    [
      { expr: perSecond('storeFailures', ['operation']), legend: 'plan {{operation}}' },
      { expr: `sum(rate(${nameOf('leaseFailures')}[${RATE}]))`, legend: 'lease' },
      { expr: `sum(rate(${nameOf('jobFailures')}[${RATE}]))`, legend: 'job' },
    ],
    'store#pointsmanstorefailing',
  );
}

function guardEvidence(): Panel {
  return {
    kind: 'lines',
    title: 'Evidence against new, and the limits',
    description:
      'In nats: 17.6 are one in 43 million. At its limit the guard rolls back, without Prometheus. The run of failures does so at 15.',
    unit: 'none',
    queries: [
      { expr: highest('guardFailureEvidence'), legend: 'failures' },
      { expr: `min(${nameOf('guardFailureLimit')})`, legend: 'failures, limit' },
      { expr: highest('guardBreakageEvidence'), legend: 'broken devices' },
      { expr: `min(${nameOf('guardBreakageLimit')})`, legend: 'broken devices, limit' },
      { expr: highest('guardRunEvidence'), legend: 'run of failures' },
    ],
    width: 16,
    height: 8,
    floor: true,
    runbook: 'guard#pointsmanguardtripped',
  };
}

function guardTripped(): Panel {
  return stat({ title: 'Guard tripped in this generation', description: '1 after it found new worse than legacy.', expr: highest('guardTripped'), steps: NONE_IS_GOOD, runbook: 'guard#pointsmanguardtripped' });
}

function guardControl(): Panel {
  return stat({ title: 'Guard has a control', description: '0 while there is too little traffic on legacy to compare with: then it cannot decide.', expr: `min(${nameOf('guardControl')})`, steps: ONE_IS_GOOD, runbook: 'guard#pointsmanguardnocontrol' });
}

function guardShare(): Panel {
  return {
    kind: 'lines',
    title: 'Share of traffic on new, as the guard measures it',
    description: 'Of devices that are healthy. It should follow the percentage of the plan.',
    unit: 'percentunit',
    queries: [{ expr: nameOf('guardShare'), legend: '{{instance}}' }],
    width: 12,
    height: 7,
    floor: true,
  };
}

function guardDevices(): Panel {
  return {
    kind: 'lines',
    title: 'Devices that do not count for now',
    description: 'Suspect: a failure among the last eight commands. Aside: broken, for a day.',
    unit: 'short',
    queries: [
      { expr: total('guardDevicesSuspect'), legend: 'suspect' },
      { expr: total('guardDevicesAside'), legend: 'aside' },
    ],
    width: 12,
    height: 7,
    floor: true,
  };
}

function watchdog(): Panel {
  return stat({ title: 'The alert path is silent', description: '1 while the alert that always fires stays away: then no other alert can be trusted to arrive.', expr: highest('watchdogSilent'), steps: NONE_IS_GOOD, runbook: 'alert-path#pointsmanwatchdogsilent' });
}

function muted(): Panel {
  return stat({ title: 'What mutes rollback alerts', description: 'Silences and inhibitions in Alertmanager. No data: it cannot be asked, or is not.', expr: highest('rollbackMuted'), steps: NONE_IS_GOOD, runbook: 'alert-path#pointsmanrollbackmuted' });
}

function alertsReceived(): Panel {
  return lines(
    'Alerts received, by what they did',
    'stale: of a generation that is over. watchdog is the heartbeat.',
    [{ expr: perSecond('alertsReceived', ['outcome']), legend: '{{outcome}}' }],
    'alert-path',
  );
}

function ruleFailures(): Panel {
  return lines(
    'Rules and deliveries that fail',
    'Of Prometheus and Alertmanager themselves; only where they scrape themselves.',
    [
      {
        expr: `sum by (rule_group) (rate(prometheus_rule_evaluation_failures_total[${RATE}]))`,
        legend: 'rules {{rule_group}}',
      },
      {
        expr: `sum by (integration) (rate(alertmanager_notifications_failed_total[${RATE}]))`,
        legend: 'delivery {{integration}}',
      },
    ],
    'alert-path#pointsmanrulesfailing',
  );
}

function mirrorAgreement(): Panel {
  return lines(
    'Shadowed commands, agreeing and not',
    'Compared with what legacy really did.',
    [
      { expr: `sum(rate(${nameOf('darkLaunchSuccess')}[${RATE}]))`, legend: 'agree' },
      { expr: perSecond('darkLaunchErrors', ['error']), legend: '{{error}}' },
    ],
    'mirror#pointsmanmirrordisagrees',
  );
}

function mirrorLosses(): Panel {
  return lines(
    'Sampled, and not examined',
    'The mirror gives up its own work first: it must not cost the real path anything.',
    [
      { expr: `sum(rate(${nameOf('mirrorSampled')}[${RATE}]))`, legend: 'sampled' },
      { expr: perSecond('mirrorDropped', ['reason']), legend: '{{reason}}' },
    ],
    'mirror#pointsmanmirrordropping',
  );
}

function mirrorBreaker(): Panel {
  return {
    kind: 'states',
    title: 'Breaker of the mirror',
    description: 'Off means that the mirror did something wrong and was switched off for a while.',
    unit: 'none',
    queries: [{ expr: highest('mirrorBreaker'), legend: 'mirror' }],
    width: 8,
    height: 7,
    meanings: {
      0: { text: 'works', color: 'green' },
      1: { text: 'tries', color: 'orange' },
      2: { text: 'off', color: 'red' },
    },
    runbook: 'mirror#pointsmanmirroroff',
  };
}

function eventLoop(): Panel {
  return processPanel(
    'Lag of the event loop, p99',
    'Everything waits for this: commands, heartbeats, the guard.',
    's',
    'nodejs_eventloop_lag_p99_seconds',
  );
}

function memory(): Panel {
  return processPanel(
    'Memory',
    'Resident. It should not grow while the number of devices does not.',
    'bytes',
    'process_resident_memory_bytes',
  );
}

function cpu(): Panel {
  return processPanel(
    'Processor',
    'Cores in use; one process uses little more than one.',
    'none',
    `rate(process_cpu_seconds_total[${RATE}])`,
  );
}

/** Of our processes only: others export the same names. */
function processPanel(title: string, description: string, unit: string, expr: string): Panel {
  const ours = `and on (job, instance) ${nameOf('generation')}`;
  return {
    kind: 'lines',
    title,
    description,
    unit,
    queries: [{ expr: `${expr} ${ours}`, legend: '{{instance}}' }],
    width: 8,
    height: 7,
    floor: true,
    runbook: 'control-plane#pointsmanprocessstruggling',
  };
}

interface Figure {
  readonly title: string;
  readonly description: string;
  readonly expr: string;
  readonly steps: NonNullable<Panel['steps']>;
  readonly runbook?: string;
}

function stat({ title, description, expr, steps, runbook = 'control-plane' }: Figure): Panel {
  const queries = [{ expr, legend: title }];
  return { kind: 'stat', title, description, unit: 'none', queries, width: 4, height: 5, steps, runbook };
}

function lines(title: string, description: string, queries: Panel['queries'], runbook: string): Panel {
  return {
    kind: 'lines',
    title,
    description,
    unit: 'cps',
    queries,
    width: 8,
    height: 7,
    floor: true,
    runbook,
  };
}
