import type { Observe } from '../kernel/facts';
import type { StoreCause } from '../kernel/store-facts';
import type { RedisConnection } from '../store/redis-connection';
import { failureOf } from '../store/redis-failure';
import { causeOf } from '../store/store-cause';
import { serverWarnings } from './redis-server-checks';

/** What passes, so that asking again makes sense. */
const MOMENTARY: ReadonlySet<StoreCause> = new Set<StoreCause>(['timeout', 'connection', 'loading', 'busy']);

/** What whoever runs the server should know, each thing once. Nothing is done differently for it. */
export class RedisAdvice {
  private asked = false;
  private deaf = false;

  constructor(
    private readonly connection: RedisConnection,
    private readonly waitReplicas: number,
    private readonly observe: Observe,
  ) {}

  /** Looks at the server's settings until they were heard: a process that starts can be too busy for it. */
  async onSettings(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    try {
      for (const warning of await serverWarnings(this.connection, this.waitReplicas))
        this.observe({ kind: 'store_warning', ...warning });
    } catch (error) {
      // Whoever may not ask for the settings goes without the advice.
      this.asked = !MOMENTARY.has(causeOf(error, 'server'));
    }
  }

  /** Changes are found by reading then, which is slower, and nothing else would say why. */
  onDeafness(error: unknown): void {
    const { cause, message } = failureOf(error);
    if (this.deaf || MOMENTARY.has(cause)) return;
    this.deaf = true;
    const sentence = `changes are not heard of at once, but found by reading: ${message}`;
    this.observe({ kind: 'store_warning', setting: 'subscribe', message: sentence });
  }
}
