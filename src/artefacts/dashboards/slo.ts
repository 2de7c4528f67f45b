import { DEFAULT_OBJECTIVES } from '../../slo/objectives';
import { RECORDED } from '../../slo/recorded';
import { SLO_RECORDS } from '../alerts/slo-series';
import type { Board, Panel, Step } from './board';
import { OBJECTIVES_UID } from './panel-builders';

const CHOSEN = '{slo=~"$slo",transport=~"$transport"}';
/** One series per objective and transport: that of the newest generation that is still exported. */
const LEGEND = '{{slo}} {{transport}} generation {{generation}}';

/** 1 is an untouched budget; less than nothing is left when it was overspent, and that is shown. */
export const BUDGET_STEPS: readonly Step[] = [
  { from: null, color: 'red' },
  { from: 0.1, color: 'orange' },
  { from: 0.5, color: 'green' },
];

/** The burn factors at which the objectives' alerts fire. */
const BURN_STEPS: readonly Step[] = [
  { from: null, color: 'green' },
  ...burnFactors().map((factor, at, all): Step => ({
    from: factor,
    color: at < all.length / 2 ? 'orange' : 'red',
  })),
];

/** Objectives, budgets, burn rates and how much of all that was measured. */
export const OBJECTIVES: Board = {
  uid: OBJECTIVES_UID,
  title: 'Pointsman: objectives and budgets',
  description:
    'What was promised, what is left of each error budget, how fast it goes, and on how much evidence that rests',
  from: 'now-30d',
  tags: ['slo'],
  transportVariable: true,
  rows: [
    { title: 'Budgets of this generation', panels: [budgetLeft(), budgetOverTime()] },
    { title: 'How fast they go', panels: [burnRates(), exhaustion()] },
    { title: 'Evidence', panels: [events(), failures(), coverage()] },
    { title: 'Over all generations', panels: [wholeBudget(), eventRates()] },
    { title: 'Alerts', panels: [firing()] },
  ],
};

function budgetLeft(): Panel {
  return {
    kind: 'stat',
    title: 'Error budget left',
    description:
      '1 is untouched, 0 is spent, below 0 more was bad than the target allows. A new generation begins at 1: what an earlier one spent does not block it.',
    unit: 'percentunit',
    queries: [{ expr: `${SLO_RECORDS.budget}${CHOSEN}`, legend: LEGEND }],
    width: 24,
    height: 6,
    steps: BUDGET_STEPS,
    decimals: 1,
    opensObjective: true,
    runbook: 'slo',
  };
}

function budgetOverTime(): Panel {
  return {
    kind: 'lines',
    title: 'Error budget left, over time',
    description: 'Of the objective’s own window, which rolls: what was bad long ago leaves it again.',
    unit: 'percentunit',
    queries: [{ expr: `${SLO_RECORDS.budget}${CHOSEN}`, legend: LEGEND }],
    width: 24,
    height: 9,
    steps: BUDGET_STEPS,
    limits: true,
    runbook: 'slo',
  };
}

function burnRates(): Panel {
  return {
    kind: 'lines',
    title: 'Burn rate, by the long window of each tier',
    description:
      'In multiples of what the target allows: at 1 the budget lasts exactly as long as the window. The lines are the factors at which alerts fire.',
    unit: 'none',
    queries: [
      {
        expr: `${SLO_RECORDS.burn}${CHOSEN} > 0`,
        legend: '{{slo}} {{transport}} {{window}} generation {{generation}}',
      },
    ],
    width: 16,
    height: 9,
    steps: BURN_STEPS,
    limits: true,
    logarithmic: true,
    runbook: 'slo',
  };
}

function exhaustion(): Panel {
  return {
    kind: 'stat',
    title: 'Budget gone in',
    description:
      'At the burn rate of the fastest tier. Pessimistic: errors also leave the window. No data means that nothing burns.',
    unit: 'dtdurations',
    queries: [{ expr: `${SLO_RECORDS.exhaustion}${CHOSEN}`, legend: LEGEND }],
    width: 8,
    height: 9,
    runbook: 'slo',
  };
}

function events(): Panel {
  return evidencePanel(
    'Events seen in the window',
    'Commands, transmissions or packets that count, in this generation. Few of them prove nothing.',
    SLO_RECORDS.periodEvents,
  );
}

function failures(): Panel {
  return evidencePanel(
    'Bad events in the window',
    'Fewer than three are held against nobody.',
    SLO_RECORDS.periodErrors,
  );
}

function evidencePanel(title: string, description: string, record: string): Panel {
  return {
    kind: 'stat',
    title,
    description,
    unit: 'short',
    queries: [{ expr: `${record}${CHOSEN}`, legend: LEGEND }],
    width: 8,
    height: 8,
    decimals: 0,
  };
}

function coverage(): Panel {
  return {
    kind: 'stat',
    title: 'Share of the window that was measured',
    description:
      'A budget that rests on a tenth of its window or less is young. Gaps are hours in which Prometheus saw nothing.',
    unit: 'percentunit',
    queries: [{ expr: `${SLO_RECORDS.coverage}${CHOSEN}`, legend: LEGEND }],
    width: 8,
    height: 8,
    steps: [
      { from: null, color: 'orange' },
      { from: 0.1, color: 'yellow' },
      { from: 0.9, color: 'green' },
    ],
  };
}

function wholeBudget(): Panel {
  return {
    kind: 'stat',
    title: 'Error budget left, whatever the generation',
    description: 'What users have seen in the whole window, earlier ramps included.',
    unit: 'percentunit',
    queries: [{ expr: `${SLO_RECORDS.wholeBudget}${CHOSEN}`, legend: '{{slo}} {{transport}}' }],
    width: 12,
    height: 8,
    steps: BUDGET_STEPS,
    decimals: 1,
  };
}

function eventRates(): Panel {
  return {
    kind: 'lines',
    title: 'Events and bad events per second',
    description: 'The two rates that everything above is made of.',
    unit: 'cps',
    queries: [
      { expr: `sum by (slo, transport) (${RECORDED.events}${CHOSEN})`, legend: '{{slo}} {{transport}}' },
      { expr: `sum by (slo, transport) (${RECORDED.errors}${CHOSEN})`, legend: '{{slo}} {{transport}} bad' },
    ],
    width: 12,
    height: 8,
    floor: true,
  };
}

function firing(): Panel {
  return {
    kind: 'table',
    title: 'Alerts that fire',
    description: 'Each has a page that says what to do first.',
    unit: 'none',
    queries: [{ expr: 'ALERTS{alertstate="firing",alertname=~"Pointsman.*"}', legend: '{{alertname}}' }],
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
  };
}

function burnFactors(): number[] {
  const factors = DEFAULT_OBJECTIVES.flatMap(({ tiers }) => tiers.map(({ factor }) => factor));
  return [...new Set(factors)].sort((one, other) => one - other);
}
