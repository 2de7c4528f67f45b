import { DEFAULT_OBJECTIVES, type Objective } from '../../slo/objectives';
import type { Board } from './board';
import { CONTROL_PLANE } from './control-plane';
import { errors } from './errors';
import { latency } from './latency';
import { overview } from './overview';
import { queues } from './queues';
import { reliability } from './reliability';
import { budgets } from './slo';

/** Every dashboard. */
export function boards(objectives: readonly Objective[]): Board[] {
  const ofObjectives = [overview, budgets, latency, reliability, queues, errors];
  return [...ofObjectives.map((board) => board(objectives)), CONTROL_PLANE];
}

/** Those that are committed. */
export const BOARDS: readonly Board[] = boards(DEFAULT_OBJECTIVES);
