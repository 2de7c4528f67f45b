import { comparedFact, planFact } from '../../test/support/every-fact';
import { scrape, seriesOf } from '../../test/support/scrape';
import { COUNTED } from './catalogue';
import { MIRROR_COUNTED } from './mirror-metrics';
import { Recorder } from './recorder';

const GENERATION = '{generation="1"}';

describe('the series of the dark launch', () => {
  it('count each examined command once, as a success or as one error', async () => {
    const recorder = new Recorder(1);
    recorder.record(comparedFact());
    recorder.record(comparedFact({ error: 'outcome_differs', believed: 'timeout' }));
    recorder.record({ kind: 'mirror_failed', generation: 1, error: 'shadow_hung', message: 'no answer' });
    const text = await scrape(recorder);
    expect(seriesOf(text, 'dark_launch_success_total').get(`dark_launch_success_total${GENERATION}`)).toBe(1);
    const errors = seriesOf(text, 'dark_launch_error_total');
    expect([...errors].filter(([, value]) => value > 0)).toEqual([
      ['dark_launch_error_total{error="outcome_differs",generation="1"}', 1],
      ['dark_launch_error_total{error="shadow_hung",generation="1"}', 1],
    ]);
  });

  it('sum what the new transport would have done', async () => {
    const recorder = new Recorder(1);
    for (let command = 0; command < 3; command += 1)
      recorder.record(comparedFact({ retransmissions: 2, receiptTimeouts: 1, replyTimeouts: 1, denied: 1 }));
    const text = await scrape(recorder);
    const value = (name: string): number[] => [...seriesOf(text, name).values()];
    expect(value('tcp_comm_mirror_would_retransmit_total')).toEqual([6]);
    expect(value('tcp_comm_mirror_would_timeout_total')).toEqual([3, 3]);
    expect(value('tcp_comm_mirror_would_deny_total')).toEqual([3]);
  });

  it('begin at zero with a generation, and take nothing of an older one', async () => {
    const recorder = new Recorder(1);
    recorder.record(comparedFact());
    recorder.record(planFact(2));
    recorder.record(comparedFact({ generation: 1 }));
    recorder.record(comparedFact({ generation: 2 }));
    const success = seriesOf(await scrape(recorder), 'dark_launch_success_total');
    expect([...success]).toEqual([['dark_launch_success_total{generation="2"}', 1]]);
  });

  it('are the only ones that a shadowed command moves', async () => {
    const recorder = new Recorder(1);
    const before = await countedElsewhere(recorder);
    recorder.record({ kind: 'mirror_sampled' });
    recorder.record({ kind: 'mirror_dropped', reason: 'queue_full' });
    recorder.record(comparedFact({ error: 'frame_differs', retransmissions: 3 }));
    recorder.record({ kind: 'mirror_failed', generation: 1, error: 'shadow_threw', message: 'a bug' });
    recorder.record({ kind: 'mirror_breaker_opened', cause: 'lagged' });
    expect(await countedElsewhere(recorder)).toEqual(before);
  });
});

/** Every counted series but those of the mirror. */
async function countedElsewhere(recorder: Recorder): Promise<unknown> {
  const text = await scrape(recorder);
  const own = new Set<string>(Object.values(MIRROR_COUNTED).map(({ name }) => name));
  const others = Object.values(COUNTED).filter(({ name }) => !own.has(name));
  return others.map(({ name }) => [...seriesOf(text, name)]);
}
