import { Module } from '@nestjs/common';
import { ScheduleModule as NestScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import type { Config } from './config/schema';
import type { Clock } from './kernel/clock';
import type { Observe } from './kernel/facts';
import { Jobs, type Job } from './kernel/jobs';
import { CLOCK, CONFIG, OBSERVE } from './kernel/tokens';
import { Replicas } from './rollout/replicas';
import { ReplicasModule } from './rollout/replicas.module';
import { Ticker } from './rollout/ticker';
import { EVIDENCE_EVERY, FleetEvidence } from './slo/fleet/fleet-evidence';
import { JudgeModule } from './slo/judge.module';

/** Everything that is done again and again, by name. It runs on the clock that the parts are given, not on Nest's. */
@Module({
  imports: [
    NestScheduleModule.forRoot({ cronJobs: false, intervals: false, timeouts: false }),
    ReplicasModule,
    JudgeModule,
  ],
  providers: [
    {
      provide: Jobs,
      inject: [Ticker, Replicas, FleetEvidence, SchedulerRegistry, CONFIG, CLOCK, OBSERVE],
      useFactory: (
        ticker: Ticker,
        replicas: Replicas,
        evidence: FleetEvidence,
        list: SchedulerRegistry,
        { replicas: settings }: Config,
        clock: Clock,
        observe: Observe,
      ) => {
        const jobs: Job[] = [
          { name: 'tick', everyMs: settings.tickMs, run: () => ticker.tick() },
          { name: 'lease renewal', everyMs: settings.leaseRenewMs, atOnce: true, run: () => ticker.renew() },
          {
            name: 'announcement',
            everyMs: settings.announceMs,
            atOnce: true,
            run: () => replicas.announce(),
          },
          {
            name: 'evidence',
            everyMs: EVIDENCE_EVERY * settings.announceMs,
            atOnce: true,
            run: () => evidence.post(),
          },
          { name: 'judgement of the leader', everyMs: settings.announceMs, run: () => ticker.follow() },
        ];
        return new Jobs({ jobs, list, clock, observe });
      },
    },
  ],
  exports: [Jobs],
})
export class ScheduleModule {}
