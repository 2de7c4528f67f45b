import { join } from 'node:path';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { programVersion } from '../kernel/program-version';
import { CLOCK, CONFIG, JUDGE, OBSERVE, REPLICA, SELF_TEST } from '../kernel/tokens';
import { CohortCoverage } from '../routing/cohort-coverage';
import { MirrorModule } from '../routing/mirror.module';
import { MirrorTally } from '../routing/mirror-tally';
import { Recorder } from '../telemetry/recorder';
import { Guard } from './guard/guard';
import { GuardModule } from './guard/guard.module';
import { Judging } from './judging';
import { loadObjectives } from './objective-file';

const HISTORY_FILE = 'slo-history.json';

/** Who judges the transports, and from what. */
@Module({
  imports: [MirrorModule, GuardModule],
  providers: [
    {
      provide: Judging,
      inject: [Recorder, MirrorTally, CohortCoverage, Guard, REPLICA, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        recorder: Recorder,
        tally: MirrorTally,
        coverage: CohortCoverage,
        guard: Guard,
        replica: string,
        { slo: settings, prometheus, stateDir }: Config,
        clock: Clock,
        observe: Observe,
      ) =>
        new Judging({
          objectives: loadObjectives({
            file: settings.objectivesFile,
            scrapeIntervalMs: prometheus.scrapeIntervalMs,
          }),
          counters: recorder,
          bystanders: {
            mirror: (generation) => tally.of(generation),
            coverage: () => coverage.report(),
            guardRates: () => guard.rates,
          },
          historyPath: join(stateDir, HISTORY_FILE),
          build: { version: programVersion(), environment: prometheus.environment, replica },
          settings,
          prometheus,
          clock,
          observe,
        }),
    },
    { provide: JUDGE, inject: [Judging], useFactory: ({ evaluator }: Judging) => evaluator },
    { provide: SELF_TEST, inject: [Judging], useFactory: (judging: Judging) => () => judging.selfTest() },
  ],
  exports: [Judging, JUDGE, SELF_TEST],
})
export class JudgeModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(Judging) private readonly judging: Judging) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.judging.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.judging.close();
  }
}
