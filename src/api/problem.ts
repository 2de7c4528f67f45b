import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../kernel/errors';
import type { Outcome } from '../kernel/words';
import type { Receipt } from '../transport/transport';
import type { Problem } from './schemas/problem';

export const PROBLEM_TYPE = 'application/problem+json';

const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  'input.invalid': 400,
  'percentage.invalid': 400,
  'reason.missing': 400,
  'device.unknown': 404,
  'node.unknown': 409,
  'credential.unknown': 404,
  'revision.mismatch': 412,
  'revision.unknown': 404,
  'rollout.latched': 409,
  'rollout.frozen': 409,
  'rollout.self_test_failed': 409,
  'rollout.drill_failed': 409,
  'rollout.not_latched': 409,
  'rollout.not_at_zero': 409,
  'approval.not_wanted': 409,
  'gate.closed': 409,
  'rollout.confirmation_required': 409,
  'idempotency.mismatch': 422,
  'store.unavailable': 503,
  'store.refused': 503,
  'config.invalid': 500,
  'address.in_use': 500,
  'address.unavailable': 500,
  draining: 503,
};

/** Seconds after which asking again makes sense. */
export const RETRY_AFTER_SECONDS = '1';

const STATUS_OF_OUTCOME: Readonly<Record<Outcome, number>> = {
  applied: 200,
  rejected: 502,
  accepted: 504,
  timeout: 504,
  connection_lost: 504,
  expired: 504,
  queue_full: 429,
  not_connected: 503,
  cancelled: 409,
};

const SENTENCE_OF_OUTCOME: Readonly<Record<Outcome, string>> = {
  applied: 'the device applied the command',
  rejected: 'the device refused the command',
  accepted: 'the device has the command but did not reply before the deadline',
  timeout: 'the device did not answer before the deadline',
  connection_lost:
    'the connection ended after the command was transmitted; whether it was applied is unknown',
  expired: 'the deadline passed while the command still waited for its turn; it was not transmitted',
  queue_full: 'too many commands wait for this device; this one was not queued',
  not_connected: 'the device has no connection to this process; the command was not transmitted',
  cancelled: 'the command was cancelled before it was transmitted',
};

/** Outcomes after which the same command may simply be sent again. */
const RETRIABLE: ReadonlySet<Outcome> = new Set<Outcome>(['queue_full', 'not_connected']);

export interface ProblemCode {
  readonly code: string;
  readonly status: number;
  /** What it always says, where that is always the same. */
  readonly sentence?: string;
}

/** Every code of a refusal, and of a command that was not applied. */
export function problemCodes(): readonly ProblemCode[] {
  const refusals = Object.entries(STATUS_OF_CODE).map(([code, status]) => ({ code, status }));
  const outcomes = Object.entries(STATUS_OF_OUTCOME).map(([outcome, status]) => ({
    code: `command.${outcome}`,
    status,
    sentence: SENTENCE_OF_OUTCOME[outcome as Outcome],
  }));
  return [...refusals, ...outcomes.filter(({ status }) => status !== 200)];
}

export function statusOfCode(code: ErrorCode): number {
  return STATUS_OF_CODE[code];
}

export function statusOfOutcome(outcome: Outcome): number {
  return STATUS_OF_OUTCOME[outcome];
}

export function isRetriable(outcome: Outcome): boolean {
  return RETRIABLE.has(outcome);
}

/** An error document (RFC 9457). `code` is the stable name of the kind of error. */
export function problem(
  status: number,
  code: string,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): Problem {
  return {
    type: `urn:pointsman:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...extra,
  };
}

/** A command that did not end as `applied`. */
export function receiptProblem(receipt: Receipt, hint?: string): Problem {
  const { outcome } = receipt;
  const detail = withHint(SENTENCE_OF_OUTCOME[outcome], outcome === 'not_connected' ? hint : undefined);
  return problem(statusOfOutcome(outcome), `command.${outcome}`, detail, { receipt });
}

/** Where a device may be that is not here: undefined as long as this process is the only one. */
export function elsewhere(replicas: number): string | undefined {
  return replicas > 1 ? `another of the ${replicas} replicas may hold its connection` : undefined;
}

function withHint(sentence: string, hint: string | undefined): string {
  return hint === undefined ? sentence : `${sentence}; ${hint}`;
}
