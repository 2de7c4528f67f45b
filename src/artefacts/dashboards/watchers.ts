import { nameOf } from '../alerts/promql';
import type { Row } from './board';
import { highest, lowest, perSecond, RATE, total } from './expressions';
import { lines, NONE_IS_GOOD, ONE_IS_GOOD, queriesOf, stat } from './panels';

const THIRD = { width: 8, height: 7 } as const;

export const GUARD: Row = {
  title: 'Guard',
  panels: [
    lines(
      'Evidence against new, and the limits',
      'In nats: 17.6 are one in 43 million. At its limit the guard rolls back, without Prometheus. The run of failures does so at 15.',
      {
        failures: highest('guardFailureEvidence'),
        'failures, limit': lowest('guardFailureLimit'),
        'broken devices': highest('guardBreakageEvidence'),
        'broken devices, limit': lowest('guardBreakageLimit'),
        'run of failures': highest('guardRunEvidence'),
      },
      { unit: 'none', width: 16, runbook: 'guard#pointsmanguardtripped' },
    ),
    stat(
      'Guard tripped in this generation',
      '1 after it found new worse than legacy.',
      highest('guardTripped'),
      { width: 4, steps: NONE_IS_GOOD, runbook: 'guard#pointsmanguardtripped' },
    ),
    stat(
      'Guard has a control',
      '0 while there are too few commands of healthy devices on legacy to compare with: then it cannot decide.',
      lowest('guardControl'),
      { width: 4, steps: ONE_IS_GOOD, runbook: 'guard#pointsmanguardnocontrol' },
    ),
    lines(
      'Share of traffic on new, as the guard measures it',
      'Of devices that are healthy. It should follow the percentage of the plan.',
      { '{{instance}}': nameOf('guardShare') },
      { ...THIRD, unit: 'percentunit' },
    ),
    lines(
      'Commands that were bad, of all devices',
      'Of the last minute, where most were bad. High on both: a common cause, which the guard lays to nobody.',
      { new: highest('guardBadShareNew'), legacy: highest('guardBadShareLegacy') },
      { ...THIRD, unit: 'percentunit', runbook: 'guard#pointsmanguardnocontrol' },
    ),
    lines(
      'Devices that do not count for now',
      'Suspect: a failure among the last eight commands. Aside: broken, for a day.',
      { suspect: total('guardDevicesSuspect'), aside: total('guardDevicesAside') },
      { ...THIRD, unit: 'short' },
    ),
  ],
};

export const ALERT_PATH: Row = {
  title: 'The way of alerts',
  panels: [
    stat(
      'The alert path is silent',
      '1 while the alert that always fires stays away: then no other alert can be trusted to arrive.',
      highest('watchdogSilent'),
      { width: 4, steps: NONE_IS_GOOD, runbook: 'alert-path#pointsmanwatchdogsilent' },
    ),
    stat(
      'What mutes rollback alerts',
      'Silences and inhibitions in Alertmanager. No data: it cannot be asked, or is not.',
      highest('rollbackMuted'),
      { width: 4, steps: NONE_IS_GOOD, runbook: 'alert-path#pointsmanrollbackmuted' },
    ),
    lines(
      'Alerts received, by what they did',
      'stale: of a generation that is over. watchdog is the heartbeat.',
      { '{{outcome}}': perSecond('alertsReceived', ['outcome']) },
      { ...THIRD, runbook: 'alert-path' },
    ),
    lines(
      'Rules and deliveries that fail',
      'Of Prometheus and Alertmanager themselves; only where they scrape themselves.',
      {
        'rules {{rule_group}}': `sum by (rule_group) (rate(prometheus_rule_evaluation_failures_total[${RATE}]))`,
        'delivery {{integration}}': `sum by (integration) (rate(alertmanager_notifications_failed_total[${RATE}]))`,
      },
      { ...THIRD, runbook: 'alert-path#pointsmanrulesfailing' },
    ),
  ],
};

export const DARK_LAUNCH: Row = {
  title: 'Dark launch',
  panels: [
    lines(
      'Shadowed commands, agreeing and not',
      'Compared with what legacy really did.',
      { agree: perSecond('darkLaunchSuccess'), '{{error}}': perSecond('darkLaunchErrors', ['error']) },
      { ...THIRD, runbook: 'mirror#pointsmanmirrordisagrees' },
    ),
    lines(
      'Sampled, and not examined',
      'The mirror gives up its own work first: it must not cost the real path anything.',
      { sampled: perSecond('mirrorSampled'), '{{reason}}': perSecond('mirrorDropped', ['reason']) },
      { ...THIRD, runbook: 'mirror#pointsmanmirrordropping' },
    ),
    {
      kind: 'states',
      title: 'Breaker of the mirror',
      description: 'Off means that the mirror did something wrong and was switched off for a while.',
      unit: 'none',
      queries: queriesOf('mirror', highest('mirrorBreaker')),
      ...THIRD,
      meanings: {
        0: { text: 'works', color: 'green' },
        1: { text: 'tries', color: 'orange' },
        2: { text: 'off', color: 'red' },
      },
      runbook: 'mirror#pointsmanmirroroff',
    },
  ],
};
