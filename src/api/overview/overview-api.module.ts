import { Module } from '@nestjs/common';
import { AlertingModule } from '../../alerting/alerting.module';
import { MuteWatch } from '../../alerting/mute-watch';
import { Watchdog } from '../../alerting/watchdog';
import type { Config } from '../../config/schema';
import type { Clock } from '../../kernel/clock';
import { FactTaps } from '../../kernel/fact-taps';
import { programVersion } from '../../kernel/program-version';
import { CLOCK, CONFIG, REPLICA } from '../../kernel/tokens';
import { Guard } from '../../slo/guard/guard';
import { reportOf } from '../../slo/guard/guard-report';
import { GuardModule } from '../../slo/guard/guard.module';
import { RecentTraffic } from '../../telemetry/recent-traffic';
import { INSTALLATION, OverviewController, RECENT_TRAFFIC, SAFETY } from './overview.controller';
import { safetyView, trafficView } from './overview-views';

/** Who asks, what goes over the wires, and who watches it. */
@Module({
  imports: [AlertingModule, GuardModule],
  controllers: [OverviewController],
  providers: [
    {
      provide: INSTALLATION,
      inject: [CONFIG],
      useFactory: ({ prometheus }: Config) => ({
        environment: prometheus.environment,
        version: programVersion(),
      }),
    },
    {
      provide: RECENT_TRAFFIC,
      inject: [CLOCK, FactTaps, REPLICA],
      useFactory: (clock: Clock, taps: FactTaps, replica: string) => {
        const traffic = new RecentTraffic(clock);
        taps.add((fact) => traffic.see(fact));
        return () => trafficView(traffic, { replica, nowMs: clock.wallNow() });
      },
    },
    {
      provide: SAFETY,
      inject: [Guard, Watchdog, MuteWatch],
      useFactory: (guard: Guard, watchdog: Watchdog, mutes: MuteWatch) => () =>
        safetyView(reportOf(guard), watchdog.state, mutes.state),
    },
  ],
})
export class OverviewApiModule {}
