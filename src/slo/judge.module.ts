import { join } from 'node:path';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { programVersion } from '../kernel/program-version';
import { CLOCK, CONFIG, JUDGE, NOTICEBOARD, OBSERVE, REPLICA, SELF_TEST } from '../kernel/tokens';
import { CredentialFile } from '../link/credential-file';
import { LinkModule } from '../link/link.module';
import { CohortCoverage } from '../routing/cohort-coverage';
import { MirrorModule } from '../routing/mirror.module';
import { MirrorTally } from '../routing/mirror-tally';
import { Router } from '../routing/router';
import { RouterModule } from '../routing/router.module';
import type { Noticeboard } from '../store/noticeboard';
import { Recorder } from '../telemetry/recorder';
import { EVIDENCE_EVERY, FleetEvidence } from './fleet/fleet-evidence';
import { Guard } from './guard/guard';
import { GuardModule } from './guard/guard.module';
import { Judging } from './judging';
import { loadObjectives } from './objective-file';

const HISTORY_FILE = 'slo-history.json';

/** Who judges the transports, and from what. */
@Module({
  imports: [LinkModule, RouterModule, MirrorModule, GuardModule],
  providers: [
    {
      provide: FleetEvidence,
      inject: [
        NOTICEBOARD,
        REPLICA,
        MirrorTally,
        CohortCoverage,
        CredentialFile,
        Guard,
        Router,
        CONFIG,
        OBSERVE,
      ],
      useFactory: (
        board: Noticeboard,
        replica: string,
        tally: MirrorTally,
        coverage: CohortCoverage,
        { credentials }: CredentialFile,
        guard: Guard,
        router: Router,
        { replicas }: Config,
        observe: Observe,
      ) =>
        new FleetEvidence({
          board,
          replica,
          own: {
            mirror: (generation) => tally.of(generation),
            members: () => coverage.members(),
            remembered: () => credentials.deviceIds,
            rates: () => guard.scales.rates,
          },
          generation: () => router.current.plan.generation,
          ttlMs: EVIDENCE_EVERY * replicas.announceTtlMs,
          observe,
        }),
    },
    {
      provide: Judging,
      inject: [Recorder, FleetEvidence, REPLICA, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        recorder: Recorder,
        bystanders: FleetEvidence,
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
          bystanders,
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
  exports: [Judging, FleetEvidence, JUDGE, SELF_TEST],
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
