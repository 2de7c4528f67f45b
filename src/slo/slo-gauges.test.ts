import { ManualClock } from '../kernel/manual-clock';
import type { LastLook } from './evaluator';
import { SloGauges } from './slo-gauges';

const SECOND = 1000;
const NEVER: LastLook = {
  judged: [],
  generation: 1,
  lookedAt: undefined,
  measuredAt: undefined,
  blind: false,
};

/** What the alert PointsmanEvaluatorBlind goes by, `afterMs` after the clock of the looks began. */
function seen(lastLook: LastLook, afterMs: number): { age: unknown; blind: unknown } {
  const clock = new ManualClock();
  const origin = clock.now();
  const moved = (ms: number | undefined): number | undefined => (ms === undefined ? ms : origin + ms);
  clock.advance(afterMs);
  const gauges = new SloGauges({
    evaluator: {
      lastLook: {
        ...lastLook,
        lookedAt: moved(lastLook.lookedAt),
        measuredAt: moved(lastLook.measuredAt),
      },
    },
    disagreements: () => 0,
    build: { version: '1', environment: '', replica: 'a' },
    clock,
  });
  return {
    age: gauges.samplesOf('measuredAge')[0]?.value,
    blind: gauges.samplesOf('blind')[0]?.value,
  };
}

describe('whether the objectives can be measured, as a series', () => {
  it('is nothing to say before the first look', () => {
    expect(seen(NEVER, 500 * SECOND)).toEqual({ age: NaN, blind: 0 });
  });

  it('is an alarm of who looks and finds nothing', () => {
    const lookedAt = 490 * SECOND;
    expect(seen({ ...NEVER, lookedAt, measuredAt: 0, blind: true }, 500 * SECOND)).toEqual({
      age: 500,
      blind: 1,
    });
  });

  it('is none of who leads no more, however well or ill it saw', () => {
    const lookedAt = 300 * SECOND;
    expect(seen({ ...NEVER, lookedAt, measuredAt: lookedAt, blind: true }, 500 * SECOND)).toEqual({
      age: NaN,
      blind: 0,
    });
  });
});
