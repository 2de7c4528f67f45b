import { AppError, type ErrorCode } from '../../kernel/errors';
import type { RolloutDocument } from '../../rollout/document';

/** What lifts a refusal, as somebody would type it. */
const LIFTED_BY: Partial<Readonly<Record<ErrorCode, string>>> = {
  'rollout.latched': 'pointsman release --reason "…"',
  'rollout.frozen': 'pointsman unfreeze --reason "…"',
};

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
  const liftedBy = LIFTED_BY[error.code];
  const facts = {
    ...error.facts,
    current,
    author: { by, at, reason },
    ...(liftedBy === undefined ? {} : { liftedBy }),
  };
  return new AppError(error.code, withCommand(error.message, liftedBy), facts, error);
}

function withCommand(message: string, command: string | undefined): string {
  return command === undefined || message.includes(command.split(' --')[0] as string)
    ? message
    : `${message}; ${command}`;
}
