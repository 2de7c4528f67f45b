import type { RollbackAlert } from './alertmanager-reader';

/** Fixed labels of the generated alerts that roll back; a test of the generator holds the two together. */
export const ROLLBACK_ALERTS: readonly RollbackAlert[] = [];
