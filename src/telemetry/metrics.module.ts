import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import { CONFIG } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { isLatched } from '../rollout/document';
import { Rollout } from '../rollout/rollout';
import { RolloutModule } from '../rollout/rollout.module';
import { CohortCoverage } from '../routing/cohort-coverage';
import { Lanes } from '../routing/lanes';
import { Mirror } from '../routing/mirror';
import { mirrorReadings } from '../routing/mirror-readings';
import { Router } from '../routing/router';
import { RoutingModule } from '../routing/routing.module';
import { TrafficShare } from '../routing/traffic-share';
import { Guard } from '../slo/guard/guard';
import { GuardModule } from '../slo/guard/guard.module';
import { guardReadings } from '../slo/guard/guard-readings';
import { exposition, type GaugeReaders } from './exposition';
import { MetricsServer } from './metrics-server';
import { Recorder } from './recorder';

/** What a scrape sees. */
@Module({
  imports: [LinkModule, RoutingModule, RolloutModule, GuardModule],
  providers: [
    {
      provide: MetricsServer,
      inject: [Recorder, SessionRegistry, Lanes, Rollout, TrafficShare, Mirror, CohortCoverage, Router, Guard, CONFIG],
      useFactory: (
        recorder: Recorder,
        registry: SessionRegistry,
        lanes: Lanes,
        rollout: Rollout,
        share: TrafficShare,
        mirror: Mirror,
        coverage: CohortCoverage,
        router: Router,
        guard: Guard,
        config: Config,
      ) => {
        const readers: GaugeReaders = {
          connections: () => registry.connections,
          connectedDevices: () => registry.connectedDevices,
          waitingCommands: () => lanes.waiting,
          inFlightCommands: () => lanes.inFlight,
          percentage: () => rollout.document.plan.percentage,
          effectivePercentage: () => share.percentage() ?? NaN,
          holdback: () => rollout.document.plan.holdback,
          revision: () => rollout.document.plan.revision,
          generation: () => rollout.document.plan.generation,
          latched: () => Number(isLatched(rollout.document)),
          ...mirrorReadings({ mirror, coverage, router }),
          ...guardReadings(guard),
        };
        const { bind: host, port } = config.metrics;
        return new MetricsServer(exposition(recorder, readers), { host, port });
      },
    },
  ],
  exports: [MetricsServer],
})
export class MetricsModule {}
