import { AppError } from '../kernel/errors';

/** The entity tag of a revision. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** The revision that an If-Match header wants, or undefined for none and for `*`. */
export function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const revision = /^\s*"?(\d{1,15})"?\s*$/.exec(ifMatch)?.[1];
  if (revision === undefined) {
    throw new AppError(
      'input.invalid',
      'If-Match: one revision in quotes, as the ETag of GET /v1/rollout gives it, or *',
    );
  }
  return Number(revision);
}
