import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from './clock';
import type { Random } from './random';
import { replicaName } from './replica-name';
import { CLOCK, RANDOM, REPLICA } from './tokens';

/** Time, chance and the name of this process, for everybody. */
@Global()
@Module({})
export class KernelModule {
  static with(clock: Clock, random: Random, replica = replicaName(random)): DynamicModule {
    return {
      module: KernelModule,
      providers: [
        { provide: CLOCK, useValue: clock },
        { provide: RANDOM, useValue: random },
        { provide: REPLICA, useValue: replica },
      ],
      exports: [CLOCK, RANDOM, REPLICA],
    };
  }
}
