/** Bounds of an adaptive timer, in milliseconds. */
export interface RoundTripSettings {
  /** Never shorter, however quick the device was. */
  readonly floorMs: number;
  /** Before anything was measured. */
  readonly firstMs: number;
  readonly capMs: number;
}

/** Weights of the newest sample (RFC 6298, section 2). */
const SMOOTHING = 1 / 8;
const VARIATION = 1 / 4;
const VARIATIONS_TO_WAIT = 4;
/** Beyond it the cap holds anyway. */
const MAX_BACK_OFF = 64;

/**
 * How long to wait for an answer, learned from the answers that came: smoothed round trip plus four times its
 * variation (RFC 6298). A fixed time-out that suits one device repeats a third of another's healthy commands
 * (protocol 1.9).
 */
export class RoundTrip {
  private smoothed: number | undefined;
  private variation = 0;
  private backedOff = 1;

  constructor(private readonly settings: RoundTripSettings) {}

  get timeoutMs(): number {
    const { floorMs, firstMs, capMs } = this.settings;
    const learned =
      this.smoothed === undefined
        ? firstMs
        : Math.max(this.smoothed + VARIATIONS_TO_WAIT * this.variation, floorMs);
    return Math.min(learned * this.backedOff, capMs);
  }

  /**
   * The answer took longer than that. Only commands transmitted once teach anything, so without a longer wait a
   * device that became slow would be repeated to for ever and never be measured (RFC 6298, section 5.5).
   */
  backOff(): void {
    this.backedOff = Math.min(this.backedOff * 2, MAX_BACK_OFF);
  }

  /** Only for commands transmitted once: an answer to a repeated one belongs to nobody knows which (Karn). */
  sample(roundTripMs: number): void {
    this.backedOff = 1;
    if (this.smoothed === undefined) {
      this.smoothed = roundTripMs;
      this.variation = roundTripMs / 2;
      return;
    }
    this.variation += VARIATION * (Math.abs(this.smoothed - roundTripMs) - this.variation);
    this.smoothed += SMOOTHING * (roundTripMs - this.smoothed);
  }
}
