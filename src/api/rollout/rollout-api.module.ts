import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { Config } from '../../config/schema';
import type { Clock } from '../../kernel/clock';
import { CLOCK, CONFIG } from '../../kernel/tokens';
import { defaultLadder } from '../../rollout/default-ladder';
import { Rollout } from '../../rollout/rollout';
import { RolloutModule } from '../../rollout/rollout.module';
import { RoutingModule } from '../../routing/routing.module';
import { TrafficShare } from '../../routing/traffic-share';
import { Readiness } from '../readiness';
import { AuditTrail } from './audit-trail';
import { AutomationController, JUDGEMENT, NEW_SALT } from './automation.controller';
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
  imports: [RoutingModule, RolloutModule],
  controllers: [RolloutController, TrafficController, AutomationController, EventsController],
  providers: [
    { provide: JUDGEMENT, useFactory: () => () => undefined },
    { provide: NEW_SALT, useValue: () => randomBytes(SALT_BYTES).toString('hex') },
    {
      provide: RolloutSight,
      inject: [CLOCK, Rollout, TrafficShare, JUDGEMENT, CONFIG],
      useFactory: (
        clock: Clock,
        rollout: Rollout,
        share: TrafficShare,
        judgement,
        { rollout: settings }: Config,
      ) =>
        new RolloutSight({
          clock,
          rollout,
          share,
          judgement,
          ladder: defaultLadder(settings.holdback),
          coverage: () => undefined,
          replicas: () => [],
          store: () => ({ kind: 'file', healthy: true, detail: null, unstored: 0 }),
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
      inject: [CLOCK, RolloutSight, AuditTrail, EventStreams, CONFIG],
      useFactory: (
        clock: Clock,
        sight: RolloutSight,
        trail: AuditTrail,
        streams: EventStreams,
        { control: settings }: Config,
      ) => new RolloutFeed({ clock, sight, trail, streams, settings }),
    },
  ],
})
export class RolloutApiModule {}
