import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import { CONFIG, LEASE } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { isLatched } from '../rollout/document';
import { replicaReadings } from '../rollout/replica-readings';
import { Replicas } from '../rollout/replicas';
import { ReplicasModule } from '../rollout/replicas.module';
import { Rollout } from '../rollout/rollout';
import { RolloutModule } from '../rollout/rollout.module';
import { storeReadings } from '../rollout/store-readings';
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
import { JudgeModule } from '../slo/judge.module';
import { Judging } from '../slo/judging';
import type { Lease } from '../store/lease';
import { exposition, type GaugeReaders } from './exposition';
import { MetricsServer } from './metrics-server';
import { Recorder } from './recorder';

/** What a scrape sees. */
@Module({
  imports: [LinkModule, RoutingModule, RolloutModule, ReplicasModule, GuardModule, JudgeModule],
  providers: [
    {
      provide: MetricsServer,
      inject: [Recorder, SessionRegistry, Lanes, Rollout, TrafficShare, Mirror, CohortCoverage, Router, Guard, Judging, Replicas, LEASE, CONFIG],
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
        judging: Judging,
        replicas: Replicas,
        lease: Lease,
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
          ...storeReadings(rollout),
          ...replicaReadings({ replicas, lease }),
        };
        const { bind: host, port } = config.metrics;
        return new MetricsServer(exposition(recorder, readers, judging.gauges), { host, port });
      },
    },
  ],
  exports: [MetricsServer],
})
export class MetricsModule {}
