import { types } from 'node:util';

/** Every way in which Pointsman refuses something, closed so that each boundary can translate it completely. */
export type ErrorCode =
  | 'input.invalid'
  | 'percentage.invalid'
  | 'reason.missing'
  | 'device.unknown'
  | 'node.unknown'
  | 'credential.unknown'
  | 'revision.mismatch'
  | 'revision.unknown'
  | 'rollout.latched'
  | 'rollout.frozen'
  | 'rollout.self_test_failed'
  | 'rollout.drill_failed'
  | 'rollout.not_latched'
  | 'rollout.not_at_zero'
  | 'approval.not_wanted'
  | 'gate.closed'
  | 'rollout.confirmation_required'
  | 'idempotency.mismatch'
  | 'store.unavailable'
  | 'store.refused'
  | 'config.invalid'
  | 'address.in_use'
  | 'address.unavailable'
  | 'draining';

/** A refusal that somebody can act on: a stable code, a sentence with the facts in it, and the facts themselves. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    facts: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown);
}

/** The `code` of a Node system error such as ENOENT, or undefined. */
export function systemCodeOf(thrown: unknown): string | undefined {
  const code = isError(thrown) ? (thrown as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Errors of another realm too, such as Node's own when a test runner gives each file a global object of its own. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
