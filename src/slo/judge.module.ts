import { Module } from '@nestjs/common';
import type { Clock } from '../kernel/clock';
import { CLOCK, JUDGE } from '../kernel/tokens';
import { NoObjectivesJudge } from './no-objectives-judge';
import { DEFAULT_OBJECTIVES } from './objectives';

const PERCENT = 100;

/** Who judges the transports. */
@Module({
  providers: [
    {
      provide: JUDGE,
      inject: [CLOCK],
      useFactory: (clock: Clock) => {
        const objectives = DEFAULT_OBJECTIVES.map(({ name, targetPercent }) => ({
          name,
          target: targetPercent / PERCENT,
        }));
        return new NoObjectivesJudge(objectives, clock);
      },
    },
  ],
  exports: [JUDGE],
})
export class JudgeModule {}
