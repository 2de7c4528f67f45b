import { auditEntrySchema } from '../../api/schemas/history';
import { rolloutSchema, trafficSchema, type RolloutView } from '../../api/schemas/rollout';
import { NO_TIMER, type Clock } from '../../kernel/clock';
import { messageOf } from '../../kernel/errors';
import { ServerRefusal, type Client } from '../client';
import type { ServerEvent } from '../event-reader';
import type { Screen } from './screen';

export interface WatchParts {
  readonly client: Pick<Client, 'rollout' | 'events'>;
  readonly screen: Screen;
  readonly clock: Clock;
  /** Resolves when nobody watches any more. */
  readonly stopped: Promise<void>;
}

/** Between two looks while there are no events. */
const POLL_MS = 2_000;
/** Three heartbeats: a stream that is silent for longer has ended without saying so. */
const SILENCE_MS = 45_000;
const NOT_ALLOWED: ReadonlySet<number> = new Set([401, 403]);

/** Follows the rollout by its events, and by asking again and again while there are none. */
export class Watch {
  private view: RolloutView | undefined;
  private lastEventId: string | undefined;
  private isStopped = false;
  private trouble = '';
  private cancelWait: () => void = () => {};

  constructor(private readonly parts: WatchParts) {
    void parts.stopped.then(() => {
      this.isStopped = true;
      this.cancelWait();
    });
  }

  /** Rejects when the first look fails; what fails later is said, and tried again. */
  async run(): Promise<void> {
    this.show(await this.parts.client.rollout());
    while (!this.stopping()) {
      await this.attempt(() => this.follow());
      if (this.stopping()) return;
      await this.attempt(async () => this.show(await this.parts.client.rollout()));
      await this.pause();
    }
  }

  /** Resolves when the events end; rejects when there are none to be had. */
  private async follow(): Promise<void> {
    const { client, clock, stopped } = this.parts;
    const abort = new AbortController();
    void stopped.then(() => abort.abort());
    let cancelSilence = NO_TIMER;
    const stillThere = (): void => {
      cancelSilence();
      cancelSilence = clock.after(SILENCE_MS, () => abort.abort());
    };
    try {
      stillThere();
      for await (const message of client.events(this.lastEventId, abort.signal)) {
        stillThere();
        this.take(message);
      }
    } finally {
      cancelSilence();
    }
  }

  private take({ event, data, id }: ServerEvent): void {
    this.lastEventId = id ?? this.lastEventId;
    const content: unknown = JSON.parse(data);
    if (event === 'rollout') return this.show(rolloutSchema.parse(content));
    if (event === 'audit') return this.parts.screen.tell(auditEntrySchema.parse(content));
    if (event !== 'traffic' || !this.view) return;
    const { effectivePercentage } = trafficSchema.parse(content);
    this.show({ ...this.view, effectivePercentage });
  }

  private show(view: RolloutView): void {
    this.view = view;
    this.trouble = '';
    this.parts.screen.show(view);
  }

  private async attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      if (error instanceof ServerRefusal && NOT_ALLOWED.has(error.problem.status)) throw error;
      if (this.stopping()) return;
      const trouble = messageOf(error);
      if (trouble !== this.trouble) this.parts.screen.note(`${trouble}; trying again`);
      this.trouble = trouble;
    }
  }

  /** Asked anew each time: it changes while something is waited for. */
  private stopping(): boolean {
    return this.isStopped;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.parts.clock.after(POLL_MS, resolve);
      this.cancelWait = () => {
        cancel();
        resolve();
      };
      if (this.stopping()) this.cancelWait();
    });
  }
}
