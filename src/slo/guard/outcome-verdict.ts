import type { CommandSettledFact } from '../../kernel/facts';

/** Whether a command was bad; undefined when it says nothing of a transport. An answer that came too late is bad. */
export function verdictOn(
  { outcome, latencyMs }: Pick<CommandSettledFact, 'outcome' | 'latencyMs'>,
  latencyThresholdMs: number,
): boolean | undefined {
  switch (outcome) {
    case 'applied':
      return latencyMs > latencyThresholdMs;
    case 'rejected':
    case 'accepted':
    case 'timeout':
    case 'connection_lost':
      return true;
    case 'queue_full':
    case 'expired':
    case 'not_connected':
    case 'cancelled':
      return undefined;
  }
}
