import type { Clock } from '../kernel/clock';
import { sleep } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { retryDelay } from '../kernel/retry-schedule';
import { dial } from '../link/dial';
import type { DialAddress } from '../link/dialler';
import type { Framing, ToggleWish } from './dialogue';
import type { AttemptOutcome, ToggleObserver } from './toggle-fact';

/** The programme's times (protocol 6.1). */
const TOGGLE_TIMES = {
  connectTimeoutMs: 1000,
  ioTimeoutMs: 1500,
  retry: { baseMs: 250, capMs: 5000, jitterMs: 100 },
} as const;

export interface TogglerParts {
  readonly address: DialAddress;
  readonly wish: ToggleWish;
  readonly framing: Framing;
  readonly maxAttempts: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: ToggleObserver;
}

/** Asks one device for one state, each time over a new connection and with a new message id. */
export async function toggle(parts: TogglerParts): Promise<AttemptOutcome> {
  const { maxAttempts, observe } = parts;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(parts);
    if (outcome.kind !== 'applied') observe({ kind: 'attempt_failed', attempt, outcome });
    const isFinal = outcome.kind === 'applied' || outcome.kind === 'rejected' || attempt >= maxAttempts;
    if (isFinal) {
      observe({ kind: 'finished', outcome, attempts: attempt });
      return outcome;
    }
    await pause(parts, attempt, outcome.kind);
  }
}

async function attemptOnce(parts: TogglerParts): Promise<AttemptOutcome> {
  const { address, wish, framing, clock, random, observe } = parts;
  const messageId = framing.newMessageId(random);
  const dialled = await dial({ address, clock, timeoutMs: TOGGLE_TIMES.connectTimeoutMs }).result;
  if (dialled.kind === 'failed') {
    observe({
      kind: 'packet',
      direction: 'send',
      outcome: 'error',
      messageId,
      hex: '',
      elapsedMs: 0,
      isAnswer: false,
    });
    return { kind: 'connection_failed', why: dialled.reason };
  }
  const { duplex } = dialled;
  const { ioTimeoutMs } = TOGGLE_TIMES;
  return framing.converse({ wish, messageId, duplex, clock, random, ioTimeoutMs, observe });
}

async function pause(
  { clock, random, observe }: TogglerParts,
  attempt: number,
  reason: 'connection_failed' | 'timeout',
): Promise<void> {
  const inMs = retryDelay({ ...TOGGLE_TIMES.retry, retries: Infinity }, attempt - 1, random);
  observe({ kind: 'retry', attempt: attempt + 1, inMs, reason });
  await sleep(clock, inMs);
}
