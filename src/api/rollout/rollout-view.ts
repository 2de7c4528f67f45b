import type { RolloutDocument } from '../../rollout/document';
import type { Ladder } from '../../rollout/ladder';
import type { StageReport } from '../../rollout/stage-report';
import type { RolloutView } from '../schemas/rollout';
import { stateOf } from './move';

/** What is not in the document. */
export type Surroundings = Pick<
  RolloutView,
  'effectivePercentage' | 'coverage' | 'replicas' | 'store' | 'guard' | 'alerting' | 'unchanged'
>;

export interface Standing {
  readonly document: RolloutDocument;
  readonly ladder: Ladder;
  readonly report: StageReport;
}

/** What `GET /v1/rollout` shows. */
export function rolloutView({ document, ladder, report }: Standing, about: Surroundings): RolloutView {
  const { plan, automation, freeze, position } = document;
  return {
    plan: { ...plan, pins: { ...plan.pins } },
    automation: { ...automation },
    freeze,
    stage: stageView(document, report),
    ladder: ladder.stages.map(({ name, percentage, holdback, mirror, holdMs }, index) => ({
      name,
      percentage,
      holdback,
      mirror,
      holdMs,
      state: stateOf(index, report.index),
    })),
    gates: report.gates.map((gate) => ({ ...gate })),
    lastDrill: position.lastDrill,
    ...about,
  };
}

function stageView(
  { position }: RolloutDocument,
  { stage, index, of, next }: StageReport,
): RolloutView['stage'] {
  return {
    name: stage.name,
    index: index + 1,
    of,
    next: next?.name ?? null,
    enteredAt: position.enteredAt,
    clockReset: position.clockReset,
    approvals: position.approvals.map((approval) => ({ ...approval })),
  };
}
