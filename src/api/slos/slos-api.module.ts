import { Module } from '@nestjs/common';
import type { Clock } from '../../kernel/clock';
import { CLOCK, REPLICA } from '../../kernel/tokens';
import { ReplicasModule } from '../../rollout/replicas.module';
import { Rollout } from '../../rollout/rollout';
import { RolloutModule } from '../../rollout/rollout.module';
import { Ticker } from '../../rollout/ticker';
import { JudgeModule } from '../../slo/judge.module';
import { Judging } from '../../slo/judging';
import { slosView } from './slo-view';
import { sloReportView } from './slo-report-view';
import { SLO_REPORT, SLOS, SlosController, type ReadReport } from './slos.controller';

/** The objectives over HTTP. */
@Module({
  imports: [ReplicasModule, RolloutModule, JudgeModule],
  controllers: [SlosController],
  providers: [
    {
      provide: SLOS,
      inject: [Ticker, Rollout, Judging, CLOCK],
      useFactory: (ticker: Ticker, rollout: Rollout, judging: Judging, clock: Clock) => () =>
        slosView({
          objectives: judging.objectives,
          judgement: ticker.latestJudgement,
          generation: rollout.document.plan.generation,
          disagreements: judging.disagreements,
          nowMs: clock.wallNow(),
        }),
    },
    {
      provide: SLO_REPORT,
      inject: [Judging, REPLICA],
      useFactory:
        (judging: Judging, replica: string): ReadReport =>
        async (asked) =>
          sloReportView(await judging.periods.read(asked), replica),
    },
  ],
})
export class SlosApiModule {}
