import { NO_TIMER, type Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { Mutes } from './alertmanager-reader';

/** Not asked: no address of an Alertmanager is configured, or the first answer is still to come. */
export type MuteState = Mutes | { readonly kind: 'not_asked' };

/** Looks at what mutes rollback alerts, again and again, and tells of it when it changes. */
export class MuteWatch {
  private last: MuteState = { kind: 'not_asked' };
  private asking = false;
  private cancel = NO_TIMER;

  constructor(
    private readonly read: () => Promise<Mutes>,
    private readonly observe: Observe,
  ) {}

  get state(): MuteState {
    return this.last;
  }

  start(clock: Clock, everyMs: number): void {
    void this.look();
    this.cancel = clock.every(everyMs, () => void this.look());
  }

  close(): void {
    this.cancel();
  }

  /** One look; a second one while the first is under way does nothing. */
  async look(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const mutes = await this.read();
      if (JSON.stringify(mutes) !== JSON.stringify(this.last)) this.tell(mutes);
      this.last = mutes;
    } finally {
      this.asking = false;
    }
  }

  private tell(mutes: Mutes): void {
    if (mutes.kind === 'unread') this.observe({ kind: 'alertmanager_unread', message: mutes.why });
    else if (mutes.kind === 'muted') this.observe({ kind: 'rollback_muted', by: mutes.by });
    else if (this.last.kind === 'muted') this.observe({ kind: 'rollback_muted', by: [] });
  }
}
