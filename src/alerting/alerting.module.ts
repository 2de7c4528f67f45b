import { Module, type OnApplicationShutdown, Inject } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, NOTICEBOARD, OBSERVE, REPLICA } from '../kernel/tokens';
import { Rollout } from '../rollout/rollout';
import { RolloutModule } from '../rollout/rollout.module';
import { JudgeModule } from '../slo/judge.module';
import { Judging } from '../slo/judging';
import { rollbackAlertsOf } from '../slo/rollback-alerts';
import type { Evidence } from '../slo/verdict';
import type { Noticeboard } from '../store/noticeboard';
import { AlertDoor, type Steering } from './alert-door';
import { readMutes, type Mutes } from './alertmanager-reader';
import { MuteWatch } from './mute-watch';
import { newsOn } from './shared-watchdog';
import { Watchdog } from './watchdog';

/** What alerts may do: the way down, and the way to hold. */
function steeringOf(rollout: Rollout): Steering {
  const changed = ({ unchanged }: { unchanged?: string }): { changed: boolean } => ({
    changed: unchanged === undefined,
  });
  return {
    get generation() {
      return rollout.document.plan.generation;
    },
    rollBack: (wish) => rollout.apply({ kind: 'rollback', to: 'zero', ...wish }).then(changed),
    pause: (wish) => rollout.apply({ kind: 'pause', critical: true, ...wish }).then(changed),
    stored: () => rollout.stored(),
  };
}

/** What the alerting systems around this process say to it, and what it must know of them. */
@Module({
  imports: [RolloutModule, JudgeModule],
  providers: [
    {
      provide: Watchdog,
      inject: [NOTICEBOARD, REPLICA, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        board: Noticeboard,
        replica: string,
        { alerting }: Config,
        clock: Clock,
        observe: Observe,
      ) => {
        const { watchdogSilenceMs: silenceMs, watchdogExpected: expected } = alerting;
        const news = newsOn(board, replica, silenceMs);
        return new Watchdog({ settings: { silenceMs, expected }, news, clock, observe });
      },
    },
    {
      provide: AlertDoor,
      inject: [Rollout, Watchdog, Judging, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        rollout: Rollout,
        watchdog: Watchdog,
        judging: Judging,
        { alerting }: Config,
        clock: Clock,
        observe: Observe,
      ) => {
        const { storeWithinMs, rememberedStale } = alerting;
        const steering = steeringOf(rollout);
        const counts = (): Evidence => judging.countsNow();
        return new AlertDoor({ steering, watchdog, counts, clock, observe, storeWithinMs, rememberedStale });
      },
    },
    {
      provide: MuteWatch,
      inject: [Judging, CONFIG, CLOCK, OBSERVE],
      useFactory: ({ objectives }: Judging, { alerting }: Config, clock: Clock, observe: Observe) => {
        const { alertmanagerUrl: url, readMutesMs } = alerting;
        const alerts = rollbackAlertsOf(objectives);
        const watch = new MuteWatch((): Promise<Mutes> => readMutes(url ?? '', alerts), observe);
        if (url !== undefined) watch.start(clock, readMutesMs);
        return watch;
      },
    },
  ],
  exports: [AlertDoor, Watchdog, MuteWatch],
})
export class AlertingModule implements OnApplicationShutdown {
  constructor(
    @Inject(Watchdog) private readonly watchdog: Watchdog,
    @Inject(MuteWatch) private readonly mutes: MuteWatch,
  ) {}

  onApplicationShutdown(): void {
    this.watchdog.close();
    this.mutes.close();
  }
}
