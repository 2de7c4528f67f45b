import type { Clock } from '../../kernel/clock';
import { TRANSPORTS, type TransportName } from '../../kernel/words';

interface Seen {
  readonly at: number;
  readonly transport: TransportName;
  readonly applied: boolean;
  readonly latencyMs: number;
}

/** How one transport fared in the window. */
export interface TransportView {
  readonly transport: TransportName;
  readonly perSecond: number;
  /** Of all commands, 0…100. */
  readonly sharePercent: number;
  /** Of its own commands, 0…100; undefined without any. */
  readonly appliedPercent: number | undefined;
  readonly medianMs: number | undefined;
}

/** What the application saw in the last seconds, per transport. */
export class Tally {
  private seen: Seen[] = [];
  private unrouted = 0;
  private readonly startedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly windowMs: number,
  ) {
    this.startedAt = clock.now();
  }

  count(transport: TransportName, applied: boolean, latencyMs: number): void {
    this.seen.push({ at: this.clock.now(), transport, applied, latencyMs });
  }

  /** A command that got no receipt: the server could not be asked, or refused it. */
  countUnrouted(): void {
    this.unrouted += 1;
  }

  get withoutReceipt(): number {
    return this.unrouted;
  }

  view(): TransportView[] {
    const since = this.clock.now() - this.windowMs;
    this.seen = this.seen.filter(({ at }) => at > since);
    return TRANSPORTS.map((transport) => this.viewOf(transport));
  }

  private viewOf(transport: TransportName): TransportView {
    const own = this.seen.filter((one) => one.transport === transport);
    const latencies = own
      .filter(({ applied }) => applied)
      .map(({ latencyMs }) => latencyMs)
      .sort((one, other) => one - other);
    return {
      transport,
      perSecond: own.length / (Math.min(this.windowMs, this.clock.now() - this.startedAt) / 1000),
      sharePercent: this.seen.length === 0 ? 0 : (100 * own.length) / this.seen.length,
      appliedPercent: own.length === 0 ? undefined : (100 * latencies.length) / own.length,
      medianMs: latencies[Math.floor(latencies.length / 2)],
    };
  }
}
