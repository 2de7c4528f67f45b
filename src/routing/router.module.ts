import { Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import { CLOCK, CONFIG } from '../kernel/tokens';
import { safePlan } from './plan';
import { Router } from './router';

/** Who decides. Apart from the lanes, because connections ask too: their packets are counted under the transport that is routed. */
@Module({
  providers: [
    {
      provide: Router,
      inject: [CLOCK, CONFIG],
      useFactory: (clock: Clock, config: Config) => {
        const setAt = new Date(clock.wallNow()).toISOString();
        const plan = safePlan({
          salt: 'none',
          holdback: 0,
          setBy: 'pointsman',
          reason: 'the plan is not loaded yet',
          setAt,
        });
        return new Router({ plan, latched: true }, config.devices.maxDevices);
      },
    },
  ],
  exports: [Router],
})
export class RouterModule {}
