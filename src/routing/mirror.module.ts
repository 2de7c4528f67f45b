import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import { FactTaps } from '../kernel/fact-taps';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { LinkModule } from '../link/link.module';
import { SessionRegistry } from '../link/session-registry';
import { DeliveryShadow } from '../transport/shadow/delivery-shadow';
import { TransportModule } from '../transport/transport.module';
import { CohortCoverage } from './cohort-coverage';
import { Mirror } from './mirror';
import { MirrorTally } from './mirror-tally';
import { Router } from './router';
import { RouterModule } from './router.module';

/** What watches without touching: the dark launch, and how much of the cohort has been heard of. */
@Module({
  imports: [RouterModule, TransportModule, LinkModule],
  providers: [
    { provide: MirrorTally, useFactory: () => new MirrorTally() },
    {
      provide: Mirror,
      inject: [CLOCK, OBSERVE, DeliveryShadow, MirrorTally, SessionRegistry, FactTaps, CONFIG],
      useFactory: (
        clock: Clock,
        observe: Observe,
        shadow: DeliveryShadow,
        tally: MirrorTally,
        registry: SessionRegistry,
        taps: FactTaps,
        { mirror: settings }: Config,
      ) => {
        const mirror = new Mirror({
          clock,
          observe,
          shadow,
          tally,
          settings,
          // Copied, so that nothing which holds the answer holds a link.
          linkOf: (deviceId) => {
            const link = registry.link(deviceId);
            return link && { connection: link.connection, ownNode: link.ownNode };
          },
        });
        taps.add((fact) => mirror.see(fact));
        return mirror;
      },
    },
    {
      provide: CohortCoverage,
      inject: [CLOCK, Router, SessionRegistry, FactTaps, CONFIG],
      useFactory: (
        clock: Clock,
        router: Router,
        registry: SessionRegistry,
        taps: FactTaps,
        { devices }: Config,
      ) => {
        const coverage = new CohortCoverage({
          clock,
          router,
          devices: () => registry.knownDevices(),
          rememberedDevices: devices.maxDevices,
        });
        taps.add((fact) => coverage.see(fact));
        return coverage;
      },
    },
  ],
  exports: [Mirror, MirrorTally, CohortCoverage],
})
export class MirrorModule {}
