import { AppError, type ErrorCode } from '../../kernel/errors';
import type { RolloutDocument } from '../../rollout/document';

/** What lifts a refusal, as somebody would type it. A freeze of the calendar is lifted by nobody. */
function liftedBy(code: ErrorCode, { freeze }: RolloutDocument): string | undefined {
  if (code === 'rollout.latched') return 'pointsman release --reason "…"';
  return code === 'rollout.frozen' && freeze ? 'pointsman unfreeze --reason "…"' : undefined;
}

/** Refusals that only make sense beside what stands now. */
const ABOUT_THE_PRESENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'revision.mismatch',
  'rollout.latched',
  'rollout.frozen',
]);

/** The same error with what a caller needs to go on: what stands now, who made it, and the command that lifts it. */
export function explained(error: unknown, current: RolloutDocument): unknown {
  if (!(error instanceof AppError) || !ABOUT_THE_PRESENT.has(error.code)) return error;
  const { setBy: by, setAt: at, reason } = current.plan;
  const command = liftedBy(error.code, current);
  const facts = {
    ...error.facts,
    current,
    author: { by, at, reason },
    ...(command === undefined ? {} : { liftedBy: command }),
  };
  return new AppError(error.code, error.message, facts, error);
}
