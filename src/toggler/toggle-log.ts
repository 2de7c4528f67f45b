import { pino } from 'pino';
import type { Clock } from '../kernel/clock';
import type { ToggleFact, ToggleObserver } from './toggle-fact';

/** The programme's levels, and what this program's logger calls them. */
export const TOGGLE_LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type ToggleLogLevel = (typeof TOGGLE_LOG_LEVELS)[number];

const PINO_LEVELS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const NAMES: Readonly<Record<string, ToggleLogLevel>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
};

export interface ToggleLogParts {
  readonly level: ToggleLogLevel;
  readonly deviceId: string;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

interface Line {
  readonly level: ToggleLogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One JSON line a fact, with the programme's fields (protocol 6.1). `line` counts the lines of the run. */
export function toggleLog({ level, deviceId, clock, write }: ToggleLogParts): ToggleObserver {
  let count = 0;
  const logger = pino(
    {
      level: PINO_LEVELS[level],
      base: null,
      messageKey: 'message',
      timestamp: () => `,"ts":"${new Date(clock.wallNow()).toISOString()}"`,
      formatters: { level: (label) => ({ level: NAMES[label] ?? label }) },
    },
    { write },
  );
  return (fact) => {
    const { level: at, message, fields } = lineOf(fact);
    if (!logger.isLevelEnabled(PINO_LEVELS[at])) return;
    count += 1;
    logger[PINO_LEVELS[at]]({ module: 'toggler', line: count, device_id: deviceId, ...fields }, message);
  };
}

function lineOf(fact: ToggleFact): Line {
  switch (fact.kind) {
    case 'packet':
      return packetLine(fact);
    case 'undecodable':
      return {
        level: 'WARNING',
        message: 'undecodable bytes',
        fields: { event: 'decode_error', msg_id: fact.messageId, reason: fact.reason },
      };
    case 'attempt_failed': {
      const { kind, ...rest } = fact.outcome;
      return {
        level: 'WARNING',
        message: 'attempt failed',
        fields: { event: 'attempt_failed', attempt: fact.attempt, outcome: kind, ...rest },
      };
    }
    case 'retry':
      return {
        level: 'INFO',
        message: 'trying again',
        fields: { event: 'retry', attempt: fact.attempt, delay_ms: fact.inMs, reason: fact.reason },
      };
    case 'metrics_unavailable':
      return {
        level: 'WARNING',
        message: 'no metrics',
        fields: { event: 'metrics_unavailable', why: fact.why },
      };
    case 'finished':
      return {
        level: fact.outcome.kind === 'applied' ? 'INFO' : 'ERROR',
        message: fact.outcome.kind === 'applied' ? 'toggled' : 'not toggled',
        fields: { event: 'toggle', outcome: fact.outcome.kind, attempts: fact.attempts },
      };
  }
}

function packetLine(fact: Extract<ToggleFact, { kind: 'packet' }>): Line {
  const { direction, outcome, messageId, hex, elapsedMs } = fact;
  return {
    level: outcome === 'success' ? 'INFO' : 'WARNING',
    message: `packet ${direction}`,
    fields: {
      event: 'tcp_packet',
      direction,
      msg_id: messageId,
      raw_packet_hex: hex,
      elapsed_ms: Number(elapsedMs.toFixed(3)),
      outcome,
    },
  };
}
