import { Module } from '@nestjs/common';
import { alertReadings } from '../alerting/alert-readings';
import { AlertingModule } from '../alerting/alerting.module';
import { MuteWatch } from '../alerting/mute-watch';
import { Watchdog } from '../alerting/watchdog';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import { CLOCK, CONFIG, LEASE } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import type { Ladder } from '../rollout/ladder';
import { LADDER } from '../rollout/ladder-token';
import { replicaReadings } from '../rollout/replica-readings';
import { Replicas } from '../rollout/replicas';
import { ReplicasModule } from '../rollout/replicas.module';
import { Rollout } from '../rollout/rollout';
import { RolloutModule } from '../rollout/rollout.module';
import { stageReadings } from '../rollout/stage-readings';
import { planReadings, storeReadings } from '../rollout/store-readings';
import { Ticker } from '../rollout/ticker';
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
import { exposition } from './exposition';
import { MetricsServer } from './metrics-server';
import { Recorder } from './recorder';

/** The gauges of each part of the program. */
const TRAFFIC = Symbol('traffic readings');
const MIRROR = Symbol('mirror readings');
const GUARD = Symbol('guard readings');
const ROLLOUT = Symbol('rollout readings');
const REPLICAS = Symbol('replica readings');
const ALERTS = Symbol('alert readings');
const STAGE = Symbol('stage readings');

type Readings = readonly [
  traffic: ReturnType<typeof trafficReadings>,
  mirror: ReturnType<typeof mirrorReadings>,
  guard: ReturnType<typeof guardReadings>,
  rollout: ReturnType<typeof planReadings> & ReturnType<typeof storeReadings>,
  replicas: ReturnType<typeof replicaReadings>,
  alerts: ReturnType<typeof alertReadings>,
  stage: ReturnType<typeof stageReadings>,
];

function trafficReadings(registry: SessionRegistry, lanes: Lanes, share: TrafficShare) {
  return {
    connections: () => registry.connections,
    connectedDevices: () => registry.connectedDevices,
    waitingCommands: () => lanes.waiting,
    inFlightCommands: () => lanes.inFlight,
    effectivePercentage: () => share.percentage() ?? NaN,
  };
}

/** What a scrape sees. */
@Module({
  imports: [
    LinkModule,
    RoutingModule,
    RolloutModule,
    ReplicasModule,
    GuardModule,
    JudgeModule,
    AlertingModule,
  ],
  providers: [
    { provide: TRAFFIC, inject: [SessionRegistry, Lanes, TrafficShare], useFactory: trafficReadings },
    {
      provide: MIRROR,
      inject: [Mirror, CohortCoverage, Router],
      useFactory: (mirror: Mirror, coverage: CohortCoverage, router: Router) =>
        mirrorReadings({ mirror, coverage, router }),
    },
    { provide: GUARD, inject: [Guard], useFactory: guardReadings },
    {
      provide: ROLLOUT,
      inject: [Rollout],
      useFactory: (rollout: Rollout) => ({ ...planReadings(rollout), ...storeReadings(rollout) }),
    },
    {
      provide: REPLICAS,
      inject: [Replicas, LEASE],
      useFactory: (replicas: Replicas, lease: Lease) => replicaReadings({ replicas, lease }),
    },
    {
      provide: ALERTS,
      inject: [Watchdog, MuteWatch],
      useFactory: (watchdog: Watchdog, mutes: MuteWatch) => alertReadings({ watchdog, mutes }),
    },
    {
      provide: STAGE,
      inject: [Rollout, Ticker, LADDER, CLOCK],
      useFactory: (rollout: Rollout, ticker: Ticker, ladder: Ladder, clock: Clock) =>
        stageReadings({ rollout, ticker, ladder, clock }),
    },
    {
      provide: MetricsServer,
      inject: [Recorder, Judging, CONFIG, TRAFFIC, MIRROR, GUARD, ROLLOUT, REPLICAS, ALERTS, STAGE],
      useFactory: (recorder: Recorder, judging: Judging, config: Config, ...readings: Readings) => {
        const [traffic, mirror, guard, rollout, replicas, alerts, stage] = readings;
        const readers = { ...traffic, ...mirror, ...guard, ...rollout, ...replicas, ...alerts, ...stage };
        const { bind: host, port } = config.metrics;
        return new MetricsServer(exposition(recorder, readers, judging.gauges), { host, port });
      },
    },
  ],
  exports: [MetricsServer],
})
export class MetricsModule {}
