import { AppError } from '../kernel/errors';
import type { StoreCause } from '../kernel/store-facts';

/** The cause that an error of a store names, or what an error without one amounts to. */
export function causeOf(error: unknown, otherwise: StoreCause): StoreCause {
  const cause = error instanceof AppError ? error.facts.cause : undefined;
  return (cause as StoreCause | undefined) ?? otherwise;
}
