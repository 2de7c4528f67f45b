import { Module } from '@nestjs/common';
import type { Clock } from '../../kernel/clock';
import { CLOCK } from '../../kernel/tokens';
import type { Ladder } from '../../rollout/ladder';
import { LADDER } from '../../rollout/ladder-token';
import { judgeRemoval } from '../../rollout/legacy-removal';
import type { PlanStore } from '../../rollout/plan-store';
import { PLAN_STORE } from '../../rollout/plan-store-token';
import { ReplicasModule } from '../../rollout/replicas.module';
import { Rollout } from '../../rollout/rollout';
import { RolloutModule } from '../../rollout/rollout.module';
import { Ticker } from '../../rollout/ticker';
import { FleetEvidence } from '../../slo/fleet/fleet-evidence';
import { JudgeModule } from '../../slo/judge.module';
import { Judging } from '../../slo/judging';
import { legacyUseOf } from './legacy-use';
import { LEGACY_REMOVAL, RemovalController, type AskRemoval } from './removal.controller';

/** Today is not over, so that so many whole days are one more. */
const TODAY = 1;

/** The end of the way: whether legacy may be removed. */
@Module({
  imports: [RolloutModule, ReplicasModule, JudgeModule],
  controllers: [RemovalController],
  providers: [
    {
      provide: LEGACY_REMOVAL,
      inject: [Rollout, PLAN_STORE, LADDER, Ticker, Judging, FleetEvidence, CLOCK],
      useFactory:
        (
          rollout: Rollout,
          { shared }: PlanStore,
          ladder: Ladder,
          ticker: Ticker,
          judging: Judging,
          evidence: FleetEvidence,
          clock: Clock,
        ): AskRemoval =>
        async (days) => {
          const period = await judging.periods.read({ days: days + TODAY });
          const { coverage: fleet } = await evidence.gather(rollout.document.plan.generation);
          const nowMs = clock.wallNow();
          const { answer, items } = judgeRemoval({
            document: rollout.document,
            ladder,
            judgement: ticker.latestJudgement,
            use: legacyUseOf(period, shared),
            fleet,
            nowMs,
          });
          return {
            at: new Date(nowMs).toISOString(),
            answer,
            days,
            items: items.map((item) => ({ ...item })),
          };
        },
    },
  ],
})
export class RemovalApiModule {}
