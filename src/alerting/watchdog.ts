import type { Cancel, Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';

export interface WatchdogSettings {
  /** The way from Prometheus through Alertmanager counts as broken when the watchdog was not heard for so long. */
  readonly silenceMs: number;
  /** Expected from the start; otherwise only once it was heard, so that an installation without alerts is quiet. */
  readonly expected: boolean;
}

export type WatchdogState =
  | { readonly kind: 'not_expected' }
  /** ISO 8601, UTC; null: not yet, and it is not late yet either. */
  | { readonly kind: 'heard'; readonly at: string | null }
  | { readonly kind: 'silent'; readonly since: string | null };

const LOOK_MS = 1000;

/**
 * The dead-man's switch. An alert that always fires is delivered again and again; when it stays away, the alerts that
 * would roll back stay away too, and somebody must know.
 */
export class Watchdog {
  private lastHeard: { readonly at: number; readonly wall: number } | undefined;
  private readonly startedAt: number;
  private told = false;
  private readonly cancel: Cancel;

  constructor(
    private readonly settings: WatchdogSettings,
    private readonly clock: Clock,
    private readonly observe: Observe,
  ) {
    this.startedAt = clock.now();
    this.cancel = clock.every(LOOK_MS, () => this.look());
  }

  heard(): void {
    this.lastHeard = { at: this.clock.now(), wall: this.clock.wallNow() };
    if (this.told) this.observe({ kind: 'watchdog_back' });
    this.told = false;
  }

  get state(): WatchdogState {
    const { lastHeard, settings } = this;
    if (!lastHeard && !settings.expected) return { kind: 'not_expected' };
    const at = lastHeard === undefined ? null : new Date(lastHeard.wall).toISOString();
    const quietMs = this.clock.now() - (lastHeard?.at ?? this.startedAt);
    return quietMs > settings.silenceMs ? { kind: 'silent', since: at } : { kind: 'heard', at };
  }

  close(): void {
    this.cancel();
  }

  private look(): void {
    const { state } = this;
    if (state.kind !== 'silent' || this.told) return;
    this.told = true;
    this.observe({ kind: 'watchdog_silent', since: state.since });
  }
}
