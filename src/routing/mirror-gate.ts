import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import {
  breakerStep,
  CLOSED,
  type BreakerEvent,
  type BreakerSettings,
  type BreakerState,
} from './mirror-breaker';

export interface MirrorGateParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly settings: BreakerSettings;
}

/** The mirror's circuit breaker at work: asks what is to be done, remembers it, and reports when it changes. */
export class MirrorGate {
  private state: BreakerState = CLOSED;

  constructor(private readonly parts: MirrorGateParts) {}

  get kind(): BreakerState['kind'] {
    return this.state.kind;
  }

  /** Whether one more command may be shadowed. */
  lets(): boolean {
    return this.step({ kind: 'asked' });
  }

  succeeded(): void {
    this.step({ kind: 'succeeded' });
  }

  failed(cause: 'threw' | 'overran'): void {
    this.step({ kind: 'failed', cause });
  }

  strained(cause: 'lagged' | 'flooded'): void {
    this.step({ kind: 'strained', cause });
  }

  private step(event: BreakerEvent): boolean {
    const { clock, observe, settings } = this.parts;
    const { state, passes, opened, closed } = breakerStep(this.state, event, clock.now(), settings);
    this.state = state;
    if (opened) observe({ kind: 'mirror_breaker_opened', cause: opened });
    if (closed) observe({ kind: 'mirror_breaker_closed' });
    return passes;
  }
}
