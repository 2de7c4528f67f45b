import type { Objective } from '../../slo/objectives';
import { nameOf } from '../alerts/promql';
import { SLO_RECORDS } from '../alerts/slo-series';
import { SLO_GAUGES } from '../../telemetry/slo-metrics';
import type { Board, Row, StatesPanel } from './board';
import { highest, successShare, total } from './expressions';
import { BUDGET_STEPS, lines, NONE_IS_GOOD, queriesOf, stat } from './panels';
import { counterpartOf, goodShare } from './promise';

/** For people who ask three questions: where are we, is it safe, when is it done. No query language needed. */
export function overview(objectives: readonly Objective[]): Board {
  return {
    uid: 'pointsman-overview',
    title: 'Pointsman: overview',
    description: 'Where the move to the new transport stands, whether it is safe, and when it can be done',
    from: 'now-7d',
    tags: ['slo'],
    transportVariable: false,
    rows: [WHERE, safe(counterpartOf('command-success', objectives)), WHEN],
  };
}

const WHERE: Row = {
  title: 'Where are we?',
  panels: [
    stat(
      'Devices on the new transport',
      'The percentage of the plan. Measured is the share of the commands of the last minute that really went there.',
      { planned: highest('percentage'), measured: highest('effectivePercentage') },
      { unit: 'percent', width: 8, height: 6, decimals: 1 },
    ),
    stat(
      'Stage of the ladder',
      'Counted from 1. Each stage lasts its time and has gates that must open.',
      { stage: highest('stage'), of: highest('stages') },
      { width: 5, height: 6, decimals: 0 },
    ),
    stat(
      'Who may go on',
      'Going back needs nobody, in any of these states. Latched: it went back, and waits for a named person.',
      { automation: highest('automation') },
      {
        width: 5,
        height: 6,
        meanings: {
          0: { text: 'people', color: 'blue' },
          1: { text: 'the machine', color: 'green' },
          2: { text: 'paused', color: 'orange' },
          3: { text: 'latched', color: 'red' },
        },
        runbook: 'rollback#pointsmanlatched',
      },
    ),
    stat(
      'Devices',
      'Connected at this moment; given to the new transport by the plan; of those, heard since they moved.',
      {
        connected: total('connectedDevices'),
        'on new': total('cohortDevices'),
        'heard since': total('cohortSpoken'),
      },
      { unit: 'short', height: 6 },
    ),
    lines(
      'The way so far',
      'A fall to zero is a rollback; the red marks say when.',
      {
        planned: highest('percentage'),
        measured: highest('effectivePercentage'),
        'held back on legacy': highest('holdback'),
      },
      { unit: 'percent', width: 24, height: 7 },
    ),
  ],
};

function safe(success: Objective | undefined): Row {
  return {
    title: 'Is it safe?',
    panels: [
      verdicts(),
      stat(
        'What is left to lose',
        'The error budget of each objective in this attempt: 100 % is untouched, below 0 % more failed than was promised.',
        {
          '{{slo}}': `${SLO_RECORDS.budget}{transport="new"} and on (generation) count_values("generation", max(${nameOf('generation')}))`,
        },
        {
          unit: 'percentunit',
          width: 12,
          height: 8,
          decimals: 0,
          steps: BUDGET_STEPS,
          opensObjective: true,
          runbook: 'slo',
        },
      ),
      lines(
        'Commands that worked, new against legacy',
        'New must not be below legacy. Of what was transmitted.',
        { '{{transport}}': successShare() },
        { ...goodShare(success), decimals: 2, runbook: 'slo#pointsmancommandsuccessburn' },
      ),
      stat(
        'Alerts that fire',
        'By severity. No data means none.',
        { '{{severity}}': 'count by (severity) (ALERTS{alertstate="firing",alertname=~"Pointsman.*"})' },
        { height: 8, steps: NONE_IS_GOOD, runbook: 'README' },
      ),
      stat(
        'Attempts so far',
        'The generation: it counts rollbacks and fresh starts. Evidence of an earlier one does not count any more.',
        { generation: highest('generation') },
        { height: 8, decimals: 0, runbook: 'rollback' },
      ),
    ],
  };
}

function verdicts(): StatesPanel {
  const of = (verdict: string): string =>
    `max by (objective) (${SLO_GAUGES.verdict.name}{verdict="${verdict}"})`;
  return {
    kind: 'states',
    title: 'Verdict on each objective',
    description: 'Too little evidence and not measured are neither good nor bad: the way up waits for them.',
    unit: 'none',
    queries: queriesOf('{{objective}}', `${of('insufficient')} + 2 * ${of('unknown')} + 3 * ${of('fail')}`),
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

const WHEN: Row = {
  title: 'When is it done?',
  panels: [
    stat(
      'In this stage for',
      'Since it was entered.',
      { 'in this stage': `time() - ${highest('stageEntered')}` },
      { unit: 'dtdurations' },
    ),
    stat(
      'Next stage, at the earliest in',
      'When the time of this stage is over and there can be enough evidence. Gates that nobody can foretell may take longer.',
      { 'next stage': `clamp_min(${highest('stageReady')} - time(), 0)` },
      { unit: 'dtdurations' },
    ),
    stat(
      'All done, at the earliest in',
      'The time of every later stage added. A rollback begins it again.',
      { 'all done': `clamp_min(${highest('ladderEnd')} - time(), 0)` },
      { unit: 'dtdurations' },
    ),
    stat(
      'Gates of this stage',
      'What must be true to go on. pointsman status names each, and what it lacks.',
      { open: highest('gatesOpen'), closed: highest('gatesClosed'), failing: highest('gatesFailing') },
      { decimals: 0 },
    ),
    lines(
      'Stages so far',
      'Each step is a promotion, each fall a rollback.',
      { stage: highest('stage') },
      { unit: 'none', width: 24, height: 6, decimals: 0 },
    ),
  ],
};
