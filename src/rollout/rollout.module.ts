import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { Lanes } from '../routing/lanes';
import { Router } from '../routing/router';
import { RoutingModule } from '../routing/routing.module';
import { defaultLadder } from './default-ladder';
import { FilePlanStore } from './file-plan-store';
import { openRollout } from './open-rollout';
import { Rollout, routedOf } from './rollout';

/** The plan, and everything that may change it. */
@Module({
  imports: [RoutingModule],
  providers: [
    {
      provide: FilePlanStore,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        new FilePlanStore(join(config.stateDir, 'rollout.json'), config.rollout.historyLimit),
    },
    {
      provide: Rollout,
      inject: [FilePlanStore, Router, Lanes, CONFIG, CLOCK, OBSERVE],
      useFactory: async (
        store: FilePlanStore,
        router: Router,
        lanes: Lanes,
        config: Config,
        clock: Clock,
        observe: Observe,
      ) => {
        const { holdback, seedPercentage, maxStep, maxPins } = config.rollout;
        const ladder = defaultLadder(holdback);
        const document = await openRollout({ store, clock, observe, first: { holdback, seedPercentage } });
        router.use(routedOf(document));
        const { percentage, revision, generation, setBy, reason } = document.plan;
        observe({ kind: 'plan_changed', percentage, revision, generation, setBy, reason, cause: 'start' });
        return new Rollout(document, {
          clock,
          observe,
          store,
          context: { policy: { maxStep, maxPins }, ladder },
          act(changed, handOver) {
            router.use(routedOf(changed));
            if (handOver) lanes.handOver();
          },
        });
      },
    },
  ],
  exports: [Rollout],
})
export class RolloutModule {}
