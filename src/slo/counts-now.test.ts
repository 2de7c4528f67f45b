import { settledFact } from '../../test/support/every-fact';
import { ManualClock } from '../kernel/manual-clock';
import { Recorder } from '../telemetry/recorder';
import { judgedCounts, ownCounts } from './counts-now';
import { judgeObjective } from './objective-verdict';
import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import { CountCells } from './process/count-cells';
import { OwnHistory } from './process/own-history';
import { Slots } from './process/slots';
import type { Arm } from './readings';

const [SUCCESS] = DEFAULT_OBJECTIVES as [Objective, ...Objective[]];

describe('what is known of both transports at this moment', () => {
  it('is what this process has counted until now, and looking changes nothing', () => {
    const recorder = new Recorder(1);
    const slots = new Slots(DEFAULT_OBJECTIVES);
    const cells = new CountCells(slots.size, { fineMs: 1000, keptMs: 1000, maxCells: 10 });
    const clock = new ManualClock();
    const history = new OwnHistory({ counters: recorder, slots, cells, clock, maxSnapshots: 1 });
    const seen = () => ownCounts(DEFAULT_OBJECTIVES, slots, history.now())[SUCCESS.name];
    expect(seen()).toEqual({ new: { good: 0, total: 0 }, legacy: { good: 0, total: 0 } });
    recorder.record(settledFact({ transport: 'new' }));
    recorder.record(settledFact({ transport: 'new', outcome: 'timeout' }));
    recorder.record(settledFact({ transport: 'legacy' }));
    const now = { new: { good: 1, total: 2 }, legacy: { good: 1, total: 1 } };
    expect([seen(), seen()]).toEqual([now, now]);
  });

  it('is what the judge read last, and null where it could not', () => {
    const arm = (bad: number, all: number): Arm => ({
      byWindow: new Map([[SUCCESS.windowMs, { kind: 'counts', bad, all, coverage: 1 }]]),
      query: '',
    });
    const unread: Arm = { byWindow: new Map(), query: '' };
    const judged = [unread, arm(2, 900)].map((control) =>
      judgeObjective({
        objective: SUCCESS,
        accused: arm(30, 100),
        control,
        whole: arm(30, 100),
        young: false,
      }),
    );
    const read = { good: 70, total: 100 };
    expect(judgedCounts({ judged: judged.slice(0, 1) })).toEqual({
      [SUCCESS.name]: { new: read, legacy: null },
    });
    expect(judgedCounts({ judged: judged.slice(1) })).toEqual({
      [SUCCESS.name]: { new: read, legacy: { good: 898, total: 900 } },
    });
  });
});
