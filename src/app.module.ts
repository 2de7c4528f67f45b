import { Module, type DynamicModule } from '@nestjs/common';
import type { AccessRules } from './api/access';
import { ApiModule } from './api/api.module';
import { ConfigModule } from './config/config.module';
import type { Config } from './config/schema';
import type { Clock } from './kernel/clock';
import { KernelModule } from './kernel/kernel.module';
import type { Observe } from './kernel/facts';
import type { Random } from './kernel/random';
import { LinkModule } from './link/link.module';
import { NotifyModule } from './notify/notify.module';
import { RolloutModule } from './rollout/rollout.module';
import { RoutingModule } from './routing/routing.module';
import { ScheduleModule } from './schedule.module';
import { GuardModule } from './slo/guard/guard.module';
import { StoreModule } from './store/store.module';
import { MetricsModule } from './telemetry/metrics.module';
import { TelemetryModule } from './telemetry/telemetry.module';
import { TransportModule } from './transport/transport.module';

/** What an application is made of. */
export interface AppParts {
  readonly config: Config;
  readonly accessRules: AccessRules;
  readonly clock: Clock;
  readonly random: Random;
  /** Who else wants to be told of every fact, beside metrics and log. */
  readonly observers?: readonly Observe[];
}

@Module({})
export class AppModule {
  static with({ config, accessRules, clock, random, observers = [] }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule.with(clock, random, config.replica),
        ConfigModule.with(config),
        TelemetryModule.with(observers),
        LinkModule,
        TransportModule,
        RoutingModule,
        StoreModule,
        RolloutModule,
        NotifyModule,
        ScheduleModule,
        GuardModule,
        MetricsModule,
        ApiModule.with(accessRules),
      ],
    };
  }
}
