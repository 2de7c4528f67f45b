import type { z } from 'zod';
import { AppError, type ErrorCode } from '../kernel/errors';

/** What a request part must be; a refusal names every rule that it breaks. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), rule: issue.message }));
  const detail = errors.map(({ path, rule }) => (path === '' ? rule : `${path}: ${rule}`)).join('; ');
  throw new AppError(codeOf(errors), detail, { errors });
}

/** The two refusals that people meet most have names of their own. */
function codeOf(errors: readonly { path: string }[]): ErrorCode {
  if (errors.some(({ path }) => path === 'percentage' || path === 'holdback')) return 'percentage.invalid';
  if (errors.some(({ path }) => path === 'reason')) return 'reason.missing';
  return 'input.invalid';
}
