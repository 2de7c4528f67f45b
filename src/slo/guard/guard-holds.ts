import type { Hold } from '../verdict';
import type { GuardReport } from './guard-report';

const WHY = {
  no_control:
    'no command of a clear device on legacy in the last minutes, so the guard has nothing to compare new with',
  no_data: 'no command of a clear device in the last minutes, so the guard sees nothing',
} as const;

/**
 * A guard that sees nothing is no reason to go on. Where the plan leaves nobody on legacy, there is nothing to be
 * waited for.
 */
export function holdsOf(
  { state }: Pick<GuardReport, 'state'>,
  plan: { readonly percentage: number; readonly holdback: number },
): readonly Hold[] {
  if (state !== 'no_control' && state !== 'no_data') return [];
  const hasControl = plan.percentage < 100 || plan.holdback > 0;
  return hasControl || state === 'no_data' ? [{ rule: 'guard', why: WHY[state] }] : [];
}
