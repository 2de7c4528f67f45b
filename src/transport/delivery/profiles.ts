import { MAX_TIMER_MS } from '../../kernel/clock';
import type { RetrySettings } from '../../kernel/retry-schedule';
import type { RetryBudgetSettings } from '../../kernel/retry-budget';
import type { RoundTripSettings } from './round-trip';
import type { ReliableSettings } from './settings';

/** The 0x7B time that the specification derives its time-outs from: the largest of five samples (protocol 3). */
const SPEC_P99_MS = 51;
const SPEC_ACK_FACTOR = 2.5;

/**
 * The specification's own numbers, kept so that they can be run beside the measured ones: one fixed wait of 2.5 times
 * an assumed p99, and the receipt taken for the end of it. It repeats a third of the healthy commands of a real
 * device (protocol 1.9).
 */
export function specProfile(retry: RetrySettings, budget: RetryBudgetSettings): ReliableSettings {
  return {
    retry,
    budget,
    receiptTimer: fixed(SPEC_ACK_FACTOR * SPEC_P99_MS),
    replyTimer: fixed(MAX_TIMER_MS),
  };
}

/** An adaptive timer without anything to adapt. */
function fixed(ms: number): RoundTripSettings {
  return { floorMs: ms, firstMs: ms, capMs: ms };
}
