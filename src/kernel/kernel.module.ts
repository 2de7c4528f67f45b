import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from './clock';
import type { Random } from './random';
import { CLOCK, RANDOM } from './tokens';

/** Time and chance, for everybody. */
@Global()
@Module({})
export class KernelModule {
  static with(clock: Clock, random: Random): DynamicModule {
    return {
      module: KernelModule,
      providers: [
        { provide: CLOCK, useValue: clock },
        { provide: RANDOM, useValue: random },
      ],
      exports: [CLOCK, RANDOM],
    };
  }
}
