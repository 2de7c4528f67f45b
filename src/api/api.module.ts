import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { Replicas } from '../rollout/replicas';
import { ReplicasModule } from '../rollout/replicas.module';
import { Lanes } from '../routing/lanes';
import { RoutingModule } from '../routing/routing.module';
import type { Receipt } from '../transport/transport';
import { Access, type AccessRules } from './access';
import { AccessModule } from './access.module';
import { AlertingApiModule } from './alerting/alerting-api.module';
import { AuthGuard } from './auth.guard';
import { CommandService } from './command-service';
import { CommandsController } from './commands.controller';
import { DevicesController } from './devices.controller';
import { DIRECTORY, type Directory } from './directory';
import { ErrorFilter } from './error.filter';
import { HealthController } from './health.controller';
import { Idempotency } from './idempotency';
import { OpenApiController } from './openapi.controller';
import { ConsoleModule } from './console/console.module';
import { OverviewApiModule } from './overview/overview-api.module';
import { RemovalApiModule } from './removal/removal-api.module';
import { SlosApiModule } from './slos/slos-api.module';
import { RolloutApiModule } from './rollout/rollout-api.module';

/** Everything that is asked over HTTP. */
@Module({
  imports: [
    LinkModule,
    RoutingModule,
    ReplicasModule,
    RolloutApiModule,
    AlertingApiModule,
    SlosApiModule,
    OverviewApiModule,
    RemovalApiModule,
    ConsoleModule,
  ],
  controllers: [CommandsController, DevicesController, HealthController, OpenApiController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    {
      provide: APP_FILTER,
      inject: [OBSERVE, Access],
      useFactory: (observe: Observe, access: Access) => new ErrorFilter(observe, access),
    },
    { provide: DIRECTORY, useExisting: SessionRegistry },
    {
      provide: CommandService,
      inject: [CLOCK, Lanes, DIRECTORY, Replicas, CONFIG],
      useFactory: (
        clock: Clock,
        lanes: Lanes,
        directory: Directory,
        replicas: Replicas,
        { http }: Config,
      ) => {
        const settings = { ttlMs: http.idempotencyTtlMs, limit: http.idempotencyLimit };
        return new CommandService({
          clock,
          lanes,
          directory,
          idempotency: new Idempotency<Receipt>(settings, clock, wasTransmitted),
          replicas: () => replicas.list.length,
        });
      },
    },
  ],
})
export class ApiModule {
  static with(rules: AccessRules): DynamicModule {
    return { module: ApiModule, imports: [AccessModule.with(rules)] };
  }
}

/** A command that never left its lane may be asked for again under the same key: nothing was done yet. */
function wasTransmitted({ attempts }: Receipt): boolean {
  return attempts > 0;
}
