import type { RetryBudgetSettings } from '../../kernel/retry-budget';
import type { RetrySettings } from '../../kernel/retry-schedule';
import type { RoundTripSettings } from './round-trip';

/** How the new transport times and repeats. */
export interface ReliableSettings {
  readonly retry: RetrySettings;
  readonly receiptTimer: RoundTripSettings;
  readonly replyTimer: RoundTripSettings;
  /** Over all devices. */
  readonly budget: RetryBudgetSettings;
}
