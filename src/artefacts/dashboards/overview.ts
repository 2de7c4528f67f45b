import { anyOf, nameOf } from '../alerts/promql';
import { SLO_RECORDS } from '../alerts/slo-series';
import { SLO_GAUGES } from '../../telemetry/slo-metrics';
import type { Board, Panel } from './board';
import { highest, perSecond, share, total, TRANSMITTED } from './expressions';
import { BUDGET_STEPS } from './slo';

/** For people who ask three questions: where are we, is it safe, when is it done. No query language needed. */
export const OVERVIEW: Board = {
  uid: 'pointsman-overview',
  title: 'Pointsman: overview',
  description: 'Where the move to the new transport stands, whether it is safe, and when it can be done',
  from: 'now-7d',
  tags: ['slo'],
  transportVariable: false,
  rows: [
    { title: 'Where are we?', panels: [percentage(), stage(), automation(), devices(), percentageOverTime()] },
    { title: 'Is it safe?', panels: [verdicts(), budgets(), success(), alerts(), rollbacks()] },
    { title: 'When is it done?', panels: [sinceEntered(), nextStage(), end(), gates(), stageOverTime()] },
  ],
};

function percentage(): Panel {
  return {
    kind: 'stat',
    title: 'Devices on the new transport',
    description: 'The percentage of the plan. Measured is the share of the commands of the last minute that really went there.',
    unit: 'percent',
    queries: [
      { expr: highest('percentage'), legend: 'planned' },
      { expr: highest('effectivePercentage'), legend: 'measured' },
    ],
    width: 8,
    height: 6,
    decimals: 1,
  };
}

function stage(): Panel {
  return {
    kind: 'stat',
    title: 'Stage of the ladder',
    description: 'Counted from 1. Each stage lasts its time and has gates that must open.',
    unit: 'none',
    queries: [
      { expr: highest('stage'), legend: 'stage' },
      { expr: highest('stages'), legend: 'of' },
    ],
    width: 5,
    height: 6,
    decimals: 0,
  };
}

function automation(): Panel {
  return {
    kind: 'stat',
    title: 'Who may go on',
    description: 'Going back needs nobody, in any of these states. Latched: it went back, and waits for a named person.',
    unit: 'none',
    queries: [{ expr: highest('automation'), legend: 'automation' }],
    width: 5,
    height: 6,
    meanings: {
      0: { text: 'people', color: 'blue' },
      1: { text: 'the machine', color: 'green' },
      2: { text: 'paused', color: 'orange' },
      3: { text: 'latched', color: 'red' },
    },
    runbook: 'rollback#pointsmanlatched',
  };
}

function devices(): Panel {
  return {
    kind: 'stat',
    title: 'Devices',
    description: 'Connected at this moment; given to the new transport by the plan; of those, heard since they moved.',
    unit: 'short',
    queries: [
      { expr: total('connectedDevices'), legend: 'connected' },
      { expr: total('cohortDevices'), legend: 'on new' },
      { expr: total('cohortSpoken'), legend: 'heard since' },
    ],
    width: 6,
    height: 6,
  };
}

function percentageOverTime(): Panel {
  return {
    kind: 'lines',
    title: 'The way so far',
    description: 'A fall to zero is a rollback; the red marks say when.',
    unit: 'percent',
    queries: [
      { expr: highest('percentage'), legend: 'planned' },
      { expr: highest('effectivePercentage'), legend: 'measured' },
      { expr: highest('holdback'), legend: 'held back on legacy' },
    ],
    width: 24,
    height: 7,
    floor: true,
  };
}

function verdicts(): Panel {
  const of = (verdict: string): string => `max by (objective) (${SLO_GAUGES.verdict.name}{verdict="${verdict}"})`;
  return {
    kind: 'states',
    title: 'Verdict on each objective',
    description: 'Too little evidence and not measured are neither good nor bad: the way up waits for them.',
    unit: 'none',
    queries: [
      {
        expr: `${of('insufficient')} + 2 * ${of('unknown')} + 3 * ${of('fail')}`,
        legend: '{{objective}}',
      },
    ],
    width: 12,
    height: 8,
    meanings: {
      0: { text: 'kept', color: 'green' },
      1: { text: 'too little evidence', color: 'yellow' },
      2: { text: 'not measured', color: 'orange' },
      3: { text: 'broken', color: 'red' },
    },
    runbook: 'slo',
  };
}

function budgets(): Panel {
  return {
    kind: 'stat',
    title: 'What is left to lose',
    description: 'The error budget of each objective in this attempt: 100 % is untouched, below 0 % more failed than was promised.',
    unit: 'percentunit',
    queries: [
      {
        expr: `${SLO_RECORDS.budget}{transport="new"} and on (generation) count_values("generation", max(${nameOf('generation')}))`,
        legend: '{{slo}}',
      },
    ],
    width: 12,
    height: 8,
    decimals: 0,
    steps: BUDGET_STEPS,
    opensObjective: true,
    runbook: 'slo',
  };
}

function success(): Panel {
  return {
    kind: 'lines',
    title: 'Commands that worked, new against legacy',
    description: 'New must not be below legacy. Of what was transmitted.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          perSecond('commands', ['transport'], { outcome: 'applied' }),
          perSecond('commands', ['transport'], { outcome: anyOf(TRANSMITTED) }),
        ),
        legend: '{{transport}}',
      },
    ],
    width: 12,
    height: 8,
    decimals: 2,
    steps: [
      { from: null, color: 'red' },
      { from: 0.995, color: 'yellow' },
      { from: 0.999, color: 'green' },
    ],
    limits: true,
    runbook: 'slo#pointsmancommandsuccessburn',
  };
}

function alerts(): Panel {
  return {
    kind: 'stat',
    title: 'Alerts that fire',
    description: 'By severity. No data means none.',
    unit: 'none',
    queries: [
      {
        expr: 'count by (severity) (ALERTS{alertstate="firing",alertname=~"Pointsman.*"})',
        legend: '{{severity}}',
      },
    ],
    width: 6,
    height: 8,
    steps: [
      { from: null, color: 'green' },
      { from: 1, color: 'red' },
    ],
    runbook: 'README',
  };
}

function rollbacks(): Panel {
  return {
    kind: 'stat',
    title: 'Attempts so far',
    description: 'The generation: it counts rollbacks and fresh starts. Evidence of an earlier one does not count any more.',
    unit: 'none',
    queries: [{ expr: highest('generation'), legend: 'generation' }],
    width: 6,
    height: 8,
    decimals: 0,
    runbook: 'rollback',
  };
}

function sinceEntered(): Panel {
  return {
    kind: 'stat',
    title: 'In this stage for',
    description: 'Since it was entered.',
    unit: 'dtdurations',
    queries: [{ expr: `time() - ${highest('stageEntered')}`, legend: 'in this stage' }],
    width: 6,
    height: 5,
  };
}

function nextStage(): Panel {
  return {
    kind: 'stat',
    title: 'Next stage, at the earliest in',
    description: 'When the time of this stage is over and there can be enough evidence. Gates that nobody can foretell may take longer.',
    unit: 'dtdurations',
    queries: [{ expr: `clamp_min(${highest('stageReady')} - time(), 0)`, legend: 'next stage' }],
    width: 6,
    height: 5,
  };
}

function end(): Panel {
  return {
    kind: 'stat',
    title: 'All done, at the earliest in',
    description: 'The time of every later stage added. A rollback begins it again.',
    unit: 'dtdurations',
    queries: [{ expr: `clamp_min(${highest('ladderEnd')} - time(), 0)`, legend: 'all done' }],
    width: 6,
    height: 5,
  };
}

function gates(): Panel {
  return {
    kind: 'stat',
    title: 'Gates of this stage',
    description: 'What must be true to go on. pointsman status names each, and what it lacks.',
    unit: 'none',
    queries: [
      { expr: highest('gatesOpen'), legend: 'open' },
      { expr: highest('gatesClosed'), legend: 'closed' },
      { expr: highest('gatesFailing'), legend: 'failing' },
    ],
    width: 6,
    height: 5,
    decimals: 0,
  };
}

function stageOverTime(): Panel {
  return {
    kind: 'lines',
    title: 'Stages so far',
    description: 'Each step is a promotion, each fall a rollback.',
    unit: 'none',
    queries: [{ expr: highest('stage'), legend: 'stage' }],
    width: 24,
    height: 6,
    decimals: 0,
    floor: true,
  };
}
