import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Config } from '../../config/schema';
import type { Clock } from '../../kernel/clock';
import { FactTaps } from '../../kernel/fact-taps';
import type { Observe } from '../../kernel/facts';
import { CLOCK, CONFIG, NOTICEBOARD, OBSERVE, REPLICA } from '../../kernel/tokens';
import { LinkModule } from '../../link/link.module';
import { SessionRegistry } from '../../link/session-registry';
import { Rollout } from '../../rollout/rollout';
import { RolloutModule } from '../../rollout/rollout.module';
import { Router } from '../../routing/router';
import { RouterModule } from '../../routing/router.module';
import type { Noticeboard } from '../../store/noticeboard';
import { Guard } from './guard';
import type { GuardedPlan } from './guarded-plan';

/** The guard: hears every fact, looks every second, and rolls back through the rollout's one door. */
@Module({
  imports: [LinkModule, RouterModule, RolloutModule],
  providers: [
    {
      provide: Guard,
      inject: [
        Rollout,
        Router,
        SessionRegistry,
        FactTaps,
        CONFIG,
        CLOCK,
        OBSERVE,
        { token: NOTICEBOARD, optional: true },
        { token: REPLICA, optional: true },
      ],
      useFactory: (
        rollout: Rollout,
        router: Router,
        registry: SessionRegistry,
        taps: FactTaps,
        config: Config,
        clock: Clock,
        observe: Observe,
        board: Noticeboard | undefined,
        replica: string | undefined,
      ) => {
        const guard = new Guard({
          clock,
          observe,
          settings: config.guard,
          replica: replica ?? 'this',
          board,
          plan: () => guardedPlan(rollout),
          pathOf: (deviceId) => router.decide(deviceId).transport,
          fleetSize: () => registry.connectedDevices,
          rollBack: ({ generation, sentence: reason, evidence }) =>
            rollout.apply({ kind: 'rollback', to: 'zero', by: 'guard', generation, reason, evidence }),
        });
        taps.add(guard.observe);
        return guard;
      },
    },
  ],
  exports: [Guard],
})
export class GuardModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(Guard) private readonly guard: Guard) {}

  onApplicationBootstrap(): void {
    this.guard.start();
  }

  onModuleDestroy(): void {
    this.guard.close();
  }
}

function guardedPlan({ document: { plan, position } }: Rollout): GuardedPlan {
  const { generation, revision, percentage, holdback, pins } = plan;
  return { generation, revision, percentage, holdback, pins, rates: position.guardRates };
}
