import type { Objective } from '../../slo/objectives';
import { RECORDED } from '../../slo/recorded';
import { SLO_RECORDS } from '../alerts/slo-series';
import type { Board, Row, Step } from './board';
import { OBJECTIVES_UID } from './panel-builders';
import { BUDGET_STEPS, lines, queriesOf, stat } from './panels';

const CHOSEN = '{slo=~"$slo",transport=~"$transport"}';
/** One series per objective and transport: that of the newest generation that is still exported. */
const LEGEND = '{{slo}} {{transport}} generation {{generation}}';

const BUDGET = { [LEGEND]: `${SLO_RECORDS.budget}${CHOSEN}` };

/** Objectives, budgets, burn rates and how much of all that was measured. */
export function budgets(objectives: readonly Objective[]): Board {
  return {
    uid: OBJECTIVES_UID,
    title: 'Pointsman: objectives and budgets',
    description:
      'What was promised, what is left of each error budget, how fast it goes, and on how much evidence that rests',
    from: 'now-30d',
    tags: ['slo'],
    transportVariable: true,
    rows: [LEFT, burning(objectives), EVIDENCE, ALL_GENERATIONS, ALERTS],
  };
}

const LEFT: Row = {
  title: 'Budgets of this generation',
  panels: [
    stat(
      'Error budget left',
      '1 is untouched, 0 is spent, below 0 more was bad than the target allows. A new generation begins at 1: what an earlier one spent does not block it.',
      BUDGET,
      {
        unit: 'percentunit',
        width: 24,
        height: 6,
        steps: BUDGET_STEPS,
        decimals: 1,
        opensObjective: true,
        runbook: 'slo',
      },
    ),
    lines(
      'Error budget left, over time',
      'Of the objective’s own window, which rolls: what was bad long ago leaves it again.',
      BUDGET,
      {
        unit: 'percentunit',
        width: 24,
        height: 9,
        zoomed: true,
        steps: BUDGET_STEPS,
        limits: true,
        runbook: 'slo',
      },
    ),
  ],
};

function burning(objectives: readonly Objective[]): Row {
  return {
    title: 'How fast they go',
    panels: [
      lines(
        'Burn rate, by the long window of each tier',
        'In multiples of what the target allows: at 1 the budget lasts exactly as long as the window. The lines are the factors at which alerts fire.',
        {
          '{{slo}} {{transport}} {{window}} generation {{generation}}': `${SLO_RECORDS.burn}${CHOSEN} > 0`,
        },
        {
          unit: 'none',
          width: 16,
          height: 9,
          zoomed: true,
          logarithmic: true,
          steps: burnSteps(objectives),
          limits: true,
          runbook: 'slo',
        },
      ),
      stat(
        'Budget gone in',
        'At the burn rate of the fastest tier. Pessimistic: errors also leave the window. No data means that nothing burns.',
        { [LEGEND]: `${SLO_RECORDS.exhaustion}${CHOSEN}` },
        { unit: 'dtdurations', width: 8, height: 9, runbook: 'slo' },
      ),
    ],
  };
}

/** The burn factors at which the objectives' alerts fire. */
function burnSteps(objectives: readonly Objective[]): Step[] {
  const all = objectives.flatMap(({ tiers }) => tiers.map(({ factor }) => factor));
  const factors = [...new Set(all)].sort((one, other) => one - other);
  const colorAt = (at: number): Step['color'] => (at < factors.length / 2 ? 'orange' : 'red');
  return [
    { from: null, color: 'green' },
    ...factors.map((factor, at) => ({ from: factor, color: colorAt(at) })),
  ];
}

const EVIDENCE: Row = {
  title: 'Evidence',
  panels: [
    stat(
      'Events seen in the window',
      'Commands, transmissions or packets that count, in this generation. Few of them prove nothing.',
      { [LEGEND]: `${SLO_RECORDS.periodEvents}${CHOSEN}` },
      { unit: 'short', width: 8, height: 8, decimals: 0 },
    ),
    stat(
      'Bad events in the window',
      'Fewer than three, or than the objective says, are held against nobody.',
      { [LEGEND]: `${SLO_RECORDS.periodErrors}${CHOSEN}` },
      { unit: 'short', width: 8, height: 8, decimals: 0 },
    ),
    stat(
      'Share of the window that was measured',
      'A budget that rests on a tenth of its window or less is young. Gaps are hours in which Prometheus saw nothing.',
      { [LEGEND]: `${SLO_RECORDS.coverage}${CHOSEN}` },
      {
        unit: 'percentunit',
        width: 8,
        height: 8,
        steps: [
          { from: null, color: 'orange' },
          { from: 0.1, color: 'yellow' },
          { from: 0.9, color: 'green' },
        ],
      },
    ),
  ],
};

const ALL_GENERATIONS: Row = {
  title: 'Over all generations',
  panels: [
    stat(
      'Error budget left, whatever the generation',
      'What users have seen in the whole window, earlier ramps included.',
      { '{{slo}} {{transport}}': `${SLO_RECORDS.wholeBudget}${CHOSEN}` },
      { unit: 'percentunit', width: 12, height: 8, steps: BUDGET_STEPS, decimals: 1 },
    ),
    lines('Events and bad events per second', 'The two rates that everything above is made of.', {
      '{{slo}} {{transport}}': `sum by (slo, transport) (${RECORDED.events}${CHOSEN})`,
      '{{slo}} {{transport}} bad': `sum by (slo, transport) (${RECORDED.errors}${CHOSEN})`,
    }),
  ],
};

const ALERTS: Row = {
  title: 'Alerts',
  panels: [
    {
      kind: 'table',
      title: 'Alerts that fire',
      description: 'Each has a page that says what to do first.',
      unit: 'none',
      queries: queriesOf('{{alertname}}', 'ALERTS{alertstate="firing",alertname=~"Pointsman.*"}'),
      width: 24,
      height: 8,
      columns: {
        alertname: 'Alert',
        severity: 'Severity',
        slo: 'Objective',
        transport: 'Transport',
        generation: 'Generation',
        action: 'Does',
      },
      runbook: 'README',
    },
  ],
};
