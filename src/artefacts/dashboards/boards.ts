import type { Board } from './board';
import { CONTROL_PLANE } from './control-plane';
import { ERRORS } from './errors';
import { LATENCY } from './latency';
import { OVERVIEW } from './overview';
import { QUEUES } from './queues';
import { RELIABILITY } from './reliability';
import { OBJECTIVES } from './slo';

/** Every dashboard. */
export const BOARDS: readonly Board[] = [
  OVERVIEW,
  OBJECTIVES,
  LATENCY,
  RELIABILITY,
  QUEUES,
  ERRORS,
  CONTROL_PLANE,
];
