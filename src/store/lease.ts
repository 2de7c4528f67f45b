import type { Clock } from '../kernel/clock';

/** Whether this replica may do what only one of them does, and under which number; or who else may. */
export type Held =
  | { readonly held: true; readonly token: number }
  | { readonly held: false; readonly holder: string | undefined };

/** The right to tick: at most one replica has it at a time. */
export interface Lease {
  /** Takes the lease, or prolongs it. Never rejects: who cannot ask does not hold it. */
  hold(): Promise<Held>;
  /** What may be believed at this moment without asking anybody. */
  readonly belief: Held;
  /** Gives it back, so that another need not wait for its time to pass. It is not taken again. */
  release(): Promise<void>;
}

/** The lease of a process without others: its own for ever. */
export class LocalLease implements Lease {
  readonly belief: Held = { held: true, token: 0 };

  hold(): Promise<Held> {
    return Promise.resolve(this.belief);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where a lease is written down: in one place, for all who want it. */
export interface LeaseRegister {
  /** Writes `owner` down for `ttlMs` from now, unless another stands there. Each new owner gets a higher token. */
  take(owner: string, ttlMs: number): Promise<{ readonly owner: string; readonly token: number }>;
  /** Strikes `owner` out, if it stands there. */
  giveUp(owner: string): Promise<void>;
}

export interface LeaseSettings {
  readonly ttlMs: number;
  /** A holder stops to believe so much earlier, for clocks that do not run alike. */
  readonly marginMs: number;
}

export interface SharedLeaseParts {
  readonly register: LeaseRegister;
  /** Differs in every process, restarts included: who comes back under an old name is not the one who held it. */
  readonly owner: string;
  readonly settings: LeaseSettings;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

/**
 * A lease that several processes want. Its time counts from the moment at which the register was asked, on a clock
 * that only grows: the register cannot have begun to count earlier, so belief ends before another can be let in,
 * however long an answer was on its way or the process stood still.
 */
export class SharedLease implements Lease {
  private token: number | undefined;
  private believedUntil = Number.NEGATIVE_INFINITY;
  private holder: string | undefined;
  private closed = false;

  constructor(private readonly parts: SharedLeaseParts) {}

  get belief(): Held {
    if (this.token !== undefined && this.parts.clock.now() < this.believedUntil)
      return { held: true, token: this.token };
    return { held: false, holder: this.holder };
  }

  async hold(): Promise<Held> {
    const { register, owner, settings, clock, onFailure } = this.parts;
    if (this.closed) return this.belief;
    const askedAt = clock.now();
    try {
      const entry = await register.take(owner, settings.ttlMs);
      if (!this.isClosed()) this.learn(entry, askedAt);
    } catch (error) {
      this.holder = undefined;
      onFailure(error);
    }
    return this.belief;
  }

  async release(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    // First of all: from here on nothing is done in its name, whether the register hears of it or not.
    this.token = undefined;
    try {
      await this.parts.register.giveUp(this.parts.owner);
    } catch (error) {
      this.parts.onFailure(error);
    }
  }

  private learn(entry: { readonly owner: string; readonly token: number }, askedAt: number): void {
    const { owner, settings } = this.parts;
    // Answers may overtake one another; an older one takes nothing back.
    if (this.token !== undefined && entry.token < this.token) return;
    this.holder = entry.owner;
    if (entry.owner !== owner) {
      this.token = undefined;
      return;
    }
    const until = askedAt + settings.ttlMs - settings.marginMs;
    this.believedUntil = this.token === entry.token ? Math.max(this.believedUntil, until) : until;
    this.token = entry.token;
  }

  /** A method, because the compiler takes the field for unchanged while an answer is awaited. */
  private isClosed(): boolean {
    return this.closed;
  }
}
