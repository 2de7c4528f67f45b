export interface RetryBudgetSettings {
  /** Repeats that may be spent at once, after a quiet time. */
  readonly capacity: number;
  /** What each first transmission adds: 0.1 allows one repeat in ten in the long run. */
  readonly perTransmission: number;
}

/**
 * A limit on repeats over all devices, above the limit of each command: when everything fails at once, an outage
 * does not double the load that may have caused it.
 */
export class RetryBudget {
  private tokens: number;

  constructor(private readonly settings: RetryBudgetSettings) {
    this.tokens = settings.capacity;
  }

  /** Call for each first transmission. */
  earn(): void {
    this.tokens = Math.min(this.tokens + this.settings.perTransmission, this.settings.capacity);
  }

  /** Whether one more repeat is allowed; takes it when it is. */
  spend(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
