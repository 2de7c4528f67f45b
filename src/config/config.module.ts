import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CONFIG } from '../kernel/tokens';
import type { Config } from './schema';

/** The frozen configuration, for everybody. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: CONFIG, useValue: config }], exports: [CONFIG] };
  }
}
