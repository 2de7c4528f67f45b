import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import { CLOCK, CONFIG, OBSERVE, RANDOM, REPLICA } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { Lanes } from '../routing/lanes';
import { Router } from '../routing/router';
import { RoutingModule } from '../routing/routing.module';
import { loadObjectives } from '../slo/objective-file';
import { RedisConnection } from '../store/redis-connection';
import { RedisModule } from '../store/redis.module';
import { keyPrefixOf } from '../store/redis-settings';
import type { Decide } from './agreement-parts';
import { decide } from './decide';
import { FilePlanStore } from './file-plan-store';
import type { Ladder } from './ladder';
import { loadLadder } from './ladder-file';
import { LADDER } from './ladder-token';
import { lintLadder } from './lint-ladder';
import { PendingFile } from './pending-file';
import type { PlanStore } from './plan-store';
import { PLAN_STORE } from './plan-store-token';
import { RedisPlanStore } from './redis-plan-store';
import { Rollout, routedOf } from './rollout';

/** What could never work is told, and refused by nobody: a server that runs and warns is better than none. */
function readLadder({ rollout, slo, prometheus }: Config, observe: Observe): Ladder {
  const { ladderFile, holdback, maxStep } = rollout;
  const { scrapeIntervalMs } = prometheus;
  const ladder = loadLadder(ladderFile, holdback);
  const objectives = loadObjectives({ file: slo.objectivesFile, scrapeIntervalMs });
  for (const { rule, where, sentence } of lintLadder({ ladder, maxStep, objectives, scrapeIntervalMs }))
    observe({ kind: 'ladder_warning', rule, where, message: sentence });
  return ladder;
}

/** Decides by the settings and the ladder, for the devices that are here. */
function decideBy({ rollout }: Config, ladder: Ladder, registry: SessionRegistry): Decide {
  const policy = { maxStep: rollout.maxStep, maxPins: rollout.maxPins };
  return (document, event, writer) => {
    const devices = registry.connectedDevices || undefined;
    return decide(document, event, { policy, ladder, devices, writer });
  };
}

/** The plan, and everything that may change it. */
@Module({
  imports: [RoutingModule, LinkModule, RedisModule],
  providers: [
    {
      provide: LADDER,
      inject: [CONFIG, OBSERVE],
      useFactory: readLadder,
    },
    {
      provide: PLAN_STORE,
      inject: [RedisConnection, CONFIG, REPLICA, CLOCK, RANDOM, OBSERVE],
      useFactory: (
        connection: RedisConnection | undefined,
        { store, rollout, stateDir }: Config,
        replica: string,
        clock: Clock,
        random: Random,
        observe: Observe,
      ): PlanStore => {
        const { historyLimit } = rollout;
        if (!connection) return new FilePlanStore(join(stateDir, 'rollout.json'), historyLimit, clock);
        const settings = { ...store, prefix: keyPrefixOf(store), historyLimit };
        return new RedisPlanStore({ connection, replica, settings, clock, random, observe });
      },
    },
    {
      provide: Rollout,
      inject: [PLAN_STORE, LADDER, Router, Lanes, SessionRegistry, CONFIG, REPLICA, CLOCK, OBSERVE],
      useFactory: async (
        store: PlanStore,
        ladder: Ladder,
        router: Router,
        lanes: Lanes,
        registry: SessionRegistry,
        config: Config,
        replica: string,
        clock: Clock,
        observe: Observe,
      ) => {
        const {
          holdback,
          seedPercentage: percentage,
          seedMirror: mirror,
          seedCohort: cohort,
        } = config.rollout;
        const pending = store.shared
          ? new PendingFile(join(config.stateDir, 'pending.json'), observe)
          : undefined;
        const rollout = new Rollout({
          clock,
          observe,
          store,
          // A name may be used again after a restart, and the count of its documents begins anew with each process.
          replica: `${replica}-${randomBytes(4).toString('hex')}`,
          pending,
          decide: decideBy(config, ladder, registry),
          first: { holdback, ladder, seed: { percentage, mirror, cohort } },
          act(changed, handOver) {
            router.use(routedOf(changed));
            if (handOver) lanes.handOver();
          },
        });
        await rollout.open();
        return rollout;
      },
    },
  ],
  exports: [Rollout, PLAN_STORE, LADDER],
})
export class RolloutModule {}
