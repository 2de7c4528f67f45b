import { durationText } from './duration';
import type { Objective } from './objectives';

/** An alert that takes the rollout back, by the labels that it carries whenever it fires. */
export interface RollbackAlert {
  readonly labels: Readonly<Record<string, string>>;
}

const ROLLBACK = { action: 'rollback', kind: 'rollback', severity: 'critical', transport: 'new' } as const;

export const FAST_ROLLBACK = 'PointsmanFastRollback';

/** How the alerts of an objective begin: PointsmanCommandSuccess of command-success. */
export function alertStem({ name }: Pick<Objective, 'name'>): string {
  const words = name.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  return `Pointsman${words.join('')}`;
}

/** All of them, as src/artefacts generates them; the generation, and where the runbook is, differ. */
export function rollbackAlertsOf(objectives: readonly Objective[]): readonly RollbackAlert[] {
  const ofObjectives = objectives.filter(({ observeOnly }) => !observeOnly).flatMap(alertsOf);
  return [{ labels: { ...ROLLBACK, alertname: FAST_ROLLBACK, rule: 'fast' } }, ...ofObjectives];
}

function alertsOf(objective: Objective): RollbackAlert[] {
  const stem = alertStem(objective);
  const labels = { ...ROLLBACK, slo: objective.name };
  const burns = objective.tiers.map(({ longMs, shortMs, factor }) => ({
    labels: {
      ...labels,
      alertname: `${stem}Rollback`,
      rule: 'burn',
      long_window: durationText(longMs),
      short_window: durationText(shortMs),
      burn_factor: String(factor),
    },
  }));
  return [...burns, { labels: { ...labels, alertname: `${stem}BudgetGone`, rule: 'budget' } }];
}
