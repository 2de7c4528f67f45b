import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Access, type AccessRules } from './access';
import { Readiness } from './readiness';

/** Who may ask, and whether asking makes sense: for everything that is asked over HTTP. */
@Global()
@Module({})
export class AccessModule {
  static with(rules: AccessRules): DynamicModule {
    return {
      module: AccessModule,
      providers: [
        { provide: Access, useFactory: () => new Access(rules) },
        { provide: Readiness, useFactory: () => new Readiness() },
      ],
      exports: [Access, Readiness],
    };
  }
}
