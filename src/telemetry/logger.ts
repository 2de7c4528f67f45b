import { destination, pino, type Logger } from 'pino';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { fieldsOf, levelOf } from './log-line';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogThreshold = (typeof LOG_LEVELS)[number];

/** One JSON object a line, with `ts` (ISO 8601, UTC), `level` by name and `event`. Written at once: a crash loses nothing. */
export function createLogger(
  level: LogThreshold,
  clock: Clock,
  stream: 'stdout' | 'stderr' = 'stdout',
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"ts":"${new Date(clock.wallNow()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: stream === 'stdout' ? 1 : 2, sync: true }),
  );
}

/** Turns facts into log lines. `packetHex` writes a packet without the secrets that it may hold. */
export function logFacts(logger: Logger, packetHex: (raw: Uint8Array) => string): Observe {
  return (fact) => {
    const level = levelOf(fact);
    if (level && logger.isLevelEnabled(level)) logger[level](fieldsOf(fact, packetHex));
  };
}
