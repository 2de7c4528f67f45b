import { Module } from '@nestjs/common';
import type { Config } from '../../config/schema';
import type { Clock } from '../../kernel/clock';
import { FactTaps } from '../../kernel/fact-taps';
import { programVersion } from '../../kernel/program-version';
import { CLOCK, CONFIG, REPLICA } from '../../kernel/tokens';
import { RecentTraffic } from '../../telemetry/recent-traffic';
import { INSTALLATION, OverviewController, RECENT_TRAFFIC } from './overview.controller';
import { trafficView } from './overview-views';

/** Who asks, and what goes over the wires. */
@Module({
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
  ],
})
export class OverviewApiModule {}
