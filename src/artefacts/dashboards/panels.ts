import type { LinesPanel, Panel, Query, StatPanel, Step } from './board';

/** Legend → expression. A lone expression is called what its panel is called. */
type Series = string | Readonly<Record<string, string>>;

/** A graph of rates over half the width, unless `more` says otherwise. */
export function lines(
  title: string,
  description: string,
  series: Series,
  more: Partial<LinesPanel> = {},
): LinesPanel {
  const queries = queriesOf(title, series);
  return { kind: 'lines', unit: 'cps', width: 12, height: 8, title, description, queries, ...more };
}

/** A figure over a quarter of the width, unless `more` says otherwise. */
export function stat(
  title: string,
  description: string,
  series: Series,
  more: Partial<StatPanel> = {},
): StatPanel {
  const queries = queriesOf(title, series);
  return { kind: 'stat', unit: 'none', width: 6, height: 5, title, description, queries, ...more };
}

export function queriesOf(title: string, series: Series): Query[] {
  const named = typeof series === 'string' ? { [title]: series } : series;
  return Object.entries(named).map(([legend, expr]) => ({ legend, expr }));
}

type Steps = NonNullable<Panel['steps']>;

export const NONE_IS_GOOD: Steps = upTo(1);
export const ONE_IS_GOOD: Steps = [
  { from: null, color: 'red' },
  { from: 1, color: 'green' },
];

/** 1 is an untouched budget; less than nothing is left when it was overspent, and that is shown. */
export const BUDGET_STEPS: Steps = [
  { from: null, color: 'red' },
  { from: 0.1, color: 'orange' },
  { from: 0.5, color: 'green' },
];

/** A share of bad events, with the line that an objective draws. */
export function badUpTo(limit: number): Partial<LinesPanel> {
  return { unit: 'percentunit', steps: upTo(limit), limits: true };
}

/** A share of good events, with the line that the objective about success draws. */
export const GOOD_FROM_999: Partial<LinesPanel> = {
  unit: 'percentunit',
  steps: [
    { from: null, color: 'red' },
    { from: 0.995, color: 'yellow' },
    { from: 0.999, color: 'green' },
  ],
  limits: true,
  zoomed: true,
  runbook: 'slo#pointsmancommandsuccessburn',
};

function upTo(limit: number): Step[] {
  return [
    { from: null, color: 'green' },
    { from: limit, color: 'red' },
  ];
}
