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

/** What the replicas tell each other of it: Alertmanager calls one of them, and all must know. */
export interface WatchdogNews {
  /** Tells the others. Never rejects. */
  tell(): Promise<void>;
  /** Whether another replica has heard it within the time that counts. Never rejects. */
  heardElsewhere(): Promise<boolean>;
}

export interface WatchdogParts {
  readonly settings: WatchdogSettings;
  readonly news: WatchdogNews;
  readonly clock: Clock;
  readonly observe: Observe;
}

const LOOK_MS = 1000;

/**
 * The dead-man's switch. An alert that always fires is delivered again and again; when it stays away, the alerts that
 * would roll back stay away too, and somebody must know.
 */
export class Watchdog {
  private lastHeard: { readonly at: number; readonly wall: number } | undefined;
  private readonly startedAt: number;
  private told = false;
  private asking = false;
  private readonly cancel: Cancel;

  constructor(private readonly parts: WatchdogParts) {
    this.startedAt = parts.clock.now();
    this.cancel = parts.clock.every(LOOK_MS, () => void this.look());
  }

  /** It was delivered to this process. */
  heard(): void {
    this.note();
    void this.parts.news.tell();
  }

  get state(): WatchdogState {
    const { lastHeard } = this;
    const { settings, clock } = this.parts;
    if (!lastHeard && !settings.expected) return { kind: 'not_expected' };
    const at = lastHeard === undefined ? null : new Date(lastHeard.wall).toISOString();
    const quietMs = clock.now() - (lastHeard?.at ?? this.startedAt);
    return quietMs > settings.silenceMs ? { kind: 'silent', since: at } : { kind: 'heard', at };
  }

  close(): void {
    this.cancel();
  }

  private note(): void {
    const { clock, observe } = this.parts;
    this.lastHeard = { at: clock.now(), wall: clock.wallNow() };
    if (this.told) observe({ kind: 'watchdog_back' });
    this.told = false;
  }

  private async look(): Promise<void> {
    if (this.asking || this.state.kind !== 'silent') return;
    this.asking = true;
    const elsewhere = await this.parts.news.heardElsewhere();
    this.asking = false;
    if (elsewhere) this.note();
    else this.missed(this.state);
  }

  /** It may have come while the others were asked. */
  private missed(state: WatchdogState): void {
    if (state.kind !== 'silent' || this.told) return;
    this.told = true;
    this.parts.observe({ kind: 'watchdog_silent', since: state.since });
  }
}
