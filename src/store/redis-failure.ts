import { AppError, messageOf, systemCodeOf } from '../kernel/errors';
import type { StoreCause } from '../kernel/store-facts';

/** What went wrong, in words that hold no secret. */
export interface RedisFailure {
  readonly cause: StoreCause;
  readonly message: string;
  /** The server may have done it although no answer came. */
  readonly maybeDone: boolean;
}

/** First hit counts. The texts are those of the server, of the client, and of Node. */
const CAUSES: readonly (readonly [RegExp, StoreCause, string])[] = [
  [/Command timed out/, 'timeout', 'no answer in time'],
  [/NOAUTH|WRONGPASS|invalid password|AUTH failed/i, 'auth', 'the password is missing or refused'],
  [/\bREADONLY\b/, 'readonly', 'the server is a read-only replica'],
  [/\bOOM\b/, 'oom', 'the server has reached its maxmemory'],
  [/\bMISCONF\b/, 'misconf', 'the server cannot save to its disk and takes no writes'],
  [/\bNOREPLICAS\b/, 'noreplicas', 'the server has fewer replicas than it wants for a write'],
  [/\bMASTERDOWN\b/, 'masterdown', 'the server is a replica that has lost its master'],
  [/\bLOADING\b/, 'loading', 'the server is loading its data'],
  [/\bBUSY\b/, 'busy', 'the server is busy with a script'],
  [/\bNOPERM\b/, 'noperm', 'the user of the connection lacks a permission'],
  [/\bWRONGTYPE\b/, 'wrongtype', 'a key holds something of another type'],
  [/certificate|self[- ]signed|\bCERT_|SSL|ERR_TLS/i, 'certificate', 'TLS could not be agreed'],
  [/enableOfflineQueue/, 'connection', 'there is no connection'],
  [
    /Connection is closed|max retries|Sentinels? .*unreachable|aborted/i,
    'connection',
    'the connection broke',
  ],
  [/connect |ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|EHOST|ENETUN|ETIMEDOUT/, 'connection', 'it cannot be reached'],
];

/** Nothing was sent, so nothing was done. */
const NOT_SENT = /enableOfflineQueue|ECONNREFUSED|ENOTFOUND/;
const LONGEST_QUOTE = 160;

export function failureOf(error: unknown): RedisFailure {
  const text = `${systemCodeOf(error) ?? ''} ${messageOf(error)}`;
  const hit = CAUSES.find(([pattern]) => pattern.test(text));
  if (!hit) return { cause: 'server', message: quoted(messageOf(error)), maybeDone: false };
  const [, cause, message] = hit;
  const ambiguous = cause === 'timeout' || cause === 'connection';
  return { cause, message, maybeDone: ambiguous && !NOT_SENT.test(text) };
}

/** The error that everybody above the connection sees. It carries no cause: the client's errors hold commands. */
export function unavailable(what: string, { cause, message, maybeDone }: RedisFailure): AppError {
  return new AppError('store.unavailable', `Redis could not ${what}: ${message}`, { cause, maybeDone });
}

/** What a server says that nobody foresaw. It may repeat a command's arguments, which follow this phrase. */
function quoted(message: string): string {
  return message.replace(/,? with args beginning with.*/s, '').slice(0, LONGEST_QUOTE);
}
