import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { AlertingModule } from '../../alerting/alerting.module';
import { MuteWatch } from '../../alerting/mute-watch';
import { Watchdog } from '../../alerting/watchdog';
import type { Config } from '../../config/schema';
import type { Clock } from '../../kernel/clock';
import { CLOCK, CONFIG, REPLICA } from '../../kernel/tokens';
import type { Ladder } from '../../rollout/ladder';
import { LADDER } from '../../rollout/ladder-token';
import { Replicas } from '../../rollout/replicas';
import { ReplicasModule } from '../../rollout/replicas.module';
import { Rollout } from '../../rollout/rollout';
import { RolloutModule } from '../../rollout/rollout.module';
import { Ticker } from '../../rollout/ticker';
import { CohortCoverage } from '../../routing/cohort-coverage';
import { RoutingModule } from '../../routing/routing.module';
import { Guard } from '../../slo/guard/guard';
import { reportOf } from '../../slo/guard/guard-report';
import { GuardModule } from '../../slo/guard/guard.module';
import { JudgeModule } from '../../slo/judge.module';
import type { Judgement } from '../../slo/verdict';
import { Readiness } from '../readiness';
import { AuditTrail } from './audit-trail';
import { AutomationController, JUDGEMENT, NEW_SALT } from './automation.controller';
import { Drill } from './drill';
import { EventStreams } from './event-streams';
import { EventsController } from './events.controller';
import { RaiseLimit } from './raise-limit';
import { RolloutFeed } from './rollout-feed';
import { RolloutController } from './rollout.controller';
import { RolloutSight } from './rollout-sight';
import { Steering } from './steering';
import { TrafficController } from './traffic.controller';

const SALT_BYTES = 6;

/** The rollout over HTTP: seeing it, steering it, following it. */
@Module({
  imports: [RoutingModule, RolloutModule, ReplicasModule, JudgeModule, GuardModule, AlertingModule],
  controllers: [RolloutController, TrafficController, AutomationController, EventsController],
  providers: [
    {
      provide: JUDGEMENT,
      inject: [Ticker],
      useFactory: (ticker: Ticker) => () => ticker.latestJudgement,
    },
    { provide: NEW_SALT, useValue: () => randomBytes(SALT_BYTES).toString('hex') },
    {
      provide: RolloutSight,
      inject: [
        CLOCK,
        Rollout,
        LADDER,
        CohortCoverage,
        Replicas,
        REPLICA,
        JUDGEMENT,
        Guard,
        Watchdog,
        MuteWatch,
      ],
      useFactory: (
        clock: Clock,
        rollout: Rollout,
        ladder: Ladder,
        coverage: CohortCoverage,
        replicas: Replicas,
        replica: string,
        judgement: () => Judgement | undefined,
        guard: Guard,
        watchdog: Watchdog,
        mutes: MuteWatch,
      ) =>
        new RolloutSight({
          clock,
          rollout,
          ladder,
          coverage,
          replicas,
          replica,
          judgement,
          guard: () => reportOf(guard),
          watchdog,
          mutes,
        }),
    },
    {
      provide: AuditTrail,
      inject: [Rollout, CONFIG],
      useFactory: (rollout: Rollout, config: Config) => new AuditTrail(rollout, config.rollout.historyLimit),
    },
    {
      provide: Steering,
      inject: [Rollout, RolloutSight, CLOCK, CONFIG],
      useFactory: (rollout: Rollout, sight: RolloutSight, clock: Clock, { control }: Config) =>
        new Steering({ rollout, sight, limit: new RaiseLimit(control, clock) }),
    },
    {
      provide: Drill,
      inject: [Rollout, LADDER, CONFIG, CLOCK],
      useFactory: (
        rollout: Rollout,
        ladder: Ladder,
        { rollout: policy, guard: settings }: Config,
        clock: Clock,
      ) => new Drill({ rollout, context: { policy, ladder }, settings, clock }),
    },
    {
      provide: EventStreams,
      inject: [CLOCK, CONFIG, Readiness],
      useFactory: (clock: Clock, { control }: Config, readiness: Readiness) => {
        const streams = new EventStreams(control, clock);
        readiness.whenDraining(() => streams.close());
        return streams;
      },
    },
    {
      provide: RolloutFeed,
      inject: [CLOCK, RolloutSight, AuditTrail, EventStreams, Rollout, CONFIG],
      useFactory: (
        clock: Clock,
        sight: RolloutSight,
        trail: AuditTrail,
        streams: EventStreams,
        rollout: Rollout,
        { control: settings }: Config,
      ) => {
        const { revision } = rollout.document.plan;
        const feed = new RolloutFeed({ clock, sight, trail, streams, settings, revision });
        rollout.onChange((change) => feed.changed(change));
        return feed;
      },
    },
  ],
  exports: [RolloutSight],
})
export class RolloutApiModule {}
