import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, OBSERVE } from '../kernel/tokens';
import { commandBytes } from '../transport/command-size';
import { LinkDeliverer } from '../transport/link-deliverer';
import { TransportModule } from '../transport/transport.module';
import { Lanes } from './lanes';
import { Mirror } from './mirror';
import { MirrorModule } from './mirror.module';
import { Router } from './router';
import { RouterModule } from './router.module';

/** The lanes through which every command goes. */
@Module({
  imports: [RouterModule, TransportModule, MirrorModule],
  providers: [
    {
      provide: Lanes,
      inject: [CLOCK, OBSERVE, Router, LinkDeliverer, Mirror, CONFIG],
      useFactory: (
        clock: Clock,
        observe: Observe,
        router: Router,
        deliverer: LinkDeliverer,
        mirror: Mirror,
        { lane: settings }: Config,
      ) => new Lanes({ clock, observe, router, deliverer, mirror, settings, bytesOf: commandBytes }),
    },
  ],
  exports: [Lanes, RouterModule, MirrorModule],
})
export class RoutingModule {}
