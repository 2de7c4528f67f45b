import { percentageSteps } from '../../kernel/percentage';
import type { Ladder } from '../../rollout/ladder';
import type { Buckets } from '../../routing/assign';
import type { MoveView } from '../schemas/devices';

/** The first stage of the ladder at which a device with these buckets gets the new transport, pins apart. */
export function moveOf(
  { cohort, holdback }: Buckets,
  { stages }: Ladder,
  currentIndex: number,
): MoveView | null {
  const index = stages.findIndex(
    (stage) => cohort < percentageSteps(stage.percentage) && holdback >= percentageSteps(stage.holdback),
  );
  const stage = stages[index];
  if (!stage) return null;
  return {
    stage: stage.name,
    index: index + 1,
    of: stages.length,
    percentage: stage.percentage,
    holdback: stage.holdback,
    state: stateOf(index, currentIndex),
  };
}

/** Where a stage stands as seen from the present one. */
export function stateOf(index: number, current: number): 'done' | 'current' | 'ahead' {
  if (index === current) return 'current';
  return index < current ? 'done' : 'ahead';
}
