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

/** Green below, red from there on. */
export function upTo(limit: number): Step[] {
  return [
    { from: null, color: 'green' },
    { from: limit, color: 'red' },
  ];
}
