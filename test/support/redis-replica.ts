import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock';
import { AppError } from '../../src/kernel/errors';
import type { Fact } from '../../src/kernel/facts';
import { decide } from '../../src/rollout/decide';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { isLatched, type RolloutDocument } from '../../src/rollout/document';
import { PendingFile } from '../../src/rollout/pending-file';
import { Rollout, type Wished } from '../../src/rollout/rollout';
import type { RedisServer } from './redis-server';
import { RedisStoreBench, type RedisStoreSettings } from './redis-store';

const LADDER = defaultLadder(0);
const POLICY = { maxStep: 100, maxPins: 100 };

export interface ReplicaSettings extends RedisStoreSettings {
  /** Where what waits is kept over a restart. */
  readonly stateDir?: string;
  readonly seedPercentage?: number;
}

/** What one process does of the rollout, on a store in Redis: all of it but the devices. */
export class RedisReplica {
  readonly bench: RedisStoreBench;
  readonly rollout: Rollout;
  /** What was routed by, in order. */
  readonly routed: RolloutDocument[] = [];

  private constructor(
    server: RedisServer | undefined,
    readonly name: string,
    settings: ReplicaSettings,
  ) {
    this.bench = new RedisStoreBench(server, { pollMs: 100, ...settings, replica: name });
    const observe = (fact: Fact): number => this.bench.facts.push(fact);
    const { stateDir, seedPercentage: percentage = 0 } = settings;
    this.rollout = new Rollout({
      clock: systemClock,
      observe,
      store: this.bench.store,
      replica: name,
      pending: stateDir === undefined ? undefined : new PendingFile(join(stateDir, 'pending.json'), observe),
      decide: (document, event, writer) =>
        decide(document, event, { policy: POLICY, ladder: LADDER, writer }),
      first: { holdback: 0, ladder: LADDER, seed: { percentage, mirror: false, cohort: [] } },
      act: (document) => this.routed.push(document),
    });
  }

  static async start(
    server: RedisServer | undefined,
    name: string,
    settings: ReplicaSettings = {},
  ): Promise<RedisReplica> {
    const replica = new RedisReplica(server, name, settings);
    await replica.rollout.open();
    return replica;
  }

  get document(): RolloutDocument {
    return this.rollout.document;
  }

  get percentage(): number {
    return this.document.plan.percentage;
  }

  get facts(): readonly Fact[] {
    return this.bench.facts;
  }

  get latched(): boolean {
    return isLatched(this.document);
  }

  /** How a wish ended: "done", why nothing was changed, or the code of the refusal. */
  async wish(wished: Wished): Promise<string> {
    try {
      const { unchanged } = await this.rollout.apply(wished);
      return unchanged ?? 'done';
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  }

  set(percentage: number, reason = `to ${percentage}`): Promise<string> {
    return this.wish({ kind: 'set_percentage', percentage, confirmed: true, by: this.name, reason });
  }

  rollBack(reason = 'rollback'): Promise<string> {
    return this.wish({ kind: 'rollback', to: 'zero', by: this.name, reason, evidence: {} });
  }

  release(reason = 'release'): Promise<string> {
    return this.wish({ kind: 'release', by: this.name, reason });
  }

  /** The process ends, whatever it was doing. */
  async close(): Promise<void> {
    await this.rollout.close();
    await this.bench.close();
  }
}
