import type { Board } from './board';
import { CONTROL_PLANE } from './control-plane';
import { ERRORS } from './errors';
import { LATENCY } from './latency';
import { QUEUES } from './queues';
import { RELIABILITY } from './reliability';
import { OBJECTIVES } from './slo';

/** Every dashboard. */
export const BOARDS: readonly Board[] = [OBJECTIVES, LATENCY, RELIABILITY, QUEUES, ERRORS, CONTROL_PLANE];
