import fc from 'fast-check';
import { receiptOf, replyOf } from '../../../test/support/memory-device';
import { DEADLINE_MS, RELIABLE_SETTINGS, TransportBench } from '../../../test/support/transport-bench';
import { RetryBudget } from '../../kernel/retry-budget';
import { Pace } from '../delivery/pace';
import { rehearse, type Cue, type Means, type Rehearsed } from './rehearsal';

function means(over: Partial<Means> = {}): Means {
  return {
    pace: new Pace(RELIABLE_SETTINGS),
    budget: new RetryBudget(RELIABLE_SETTINGS.budget),
    random: { next: () => 0 },
    retry: RELIABLE_SETTINGS.retry,
    ...over,
  };
}

const play = (cues: readonly Cue[], using = means(), deadlineMs = DEADLINE_MS): Rehearsed =>
  rehearse({ startedAt: 100, deadlineAt: 100 + deadlineMs, cues }, using);

const receipt = (afterMs: number): Cue => ({ kind: 'receipt', at: 100 + afterMs });
const reply = (afterMs: number, status = 0): Cue => ({ kind: 'reply', at: 100 + afterMs, status });

describe('a rehearsed command', () => {
  it('is applied with its reply, and would not have been repeated', () => {
    expect(play([receipt(40), reply(300)])).toEqual({
      outcome: 'applied',
      latencyMs: 300,
      transmissions: 1,
      timeouts: { receipt: 0, reply: 0 },
      denied: 0,
    });
  });

  it('would have been repeated when the receipt took longer than the timer', () => {
    expect(play([receipt(1_400), reply(1_500)])).toMatchObject({
      outcome: 'applied',
      transmissions: 2,
      timeouts: { receipt: 1, reply: 0 },
    });
  });

  it('would have been repeated when the reply took longer than the timer after the receipt', () => {
    expect(play([receipt(50), reply(3_500)])).toMatchObject({
      outcome: 'applied',
      transmissions: 2,
      timeouts: { receipt: 0, reply: 1 },
    });
  });

  it('is rejected with a status other than 0', () => {
    expect(play([receipt(40), reply(90, 2)]).outcome).toBe('rejected');
  });

  it.each<[string, readonly Cue[], string]>([
    ['accepted with a receipt alone', [receipt(40)], 'accepted'],
    ['a time-out without any answer', [], 'timeout'],
    ['a time-out when the answer comes after the deadline', [reply(DEADLINE_MS + 1)], 'timeout'],
    ['lost with the connection', [{ kind: 'lost', at: 400 }], 'connection_lost'],
  ])('is %s', (_what, cues, outcome) => {
    expect(play(cues).outcome).toBe(outcome);
  });

  it('is believed to be lost once the last repeat went unanswered, though a reply comes later', () => {
    const late = play([receipt(9_000), reply(9_001)], means(), 60_000);
    expect(late).toMatchObject({ outcome: 'timeout', transmissions: 4, timeouts: { receipt: 4 } });
    expect(late.latencyMs).toBe(1_250 + 1_500 + 2_000 + 3_000);
  });

  it('would have waited for the budget when that is spent', () => {
    const spent = means({ budget: new RetryBudget({ capacity: 0.5, perTransmission: 0 }) });
    expect(play([reply(3_000)], spent)).toMatchObject({ transmissions: 1, denied: 2, outcome: 'applied' });
  });

  it('teaches the pace as a real one does', () => {
    const using = means();
    play([receipt(2_400), reply(2_500)], using);
    expect(using.pace.waits.receipt).toBe(2_000);
    play([receipt(200), reply(400)], using);
    expect(using.pace.waits.receipt).toBe(600);
  });
});

const maybe = (delays: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> =>
  fc.option(delays, { nil: undefined, freq: 8 });
/** At one instant the order of answer, timer and deadline is chance: with this fraction they do not meet. */
const delayUpTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max }).map((ms) => ms + 0.3717);
const answers = fc.record({ receiptMs: maybe(delayUpTo(4_000)), replyMs: maybe(delayUpTo(6_000)) });
interface Answers {
  receiptMs?: number | undefined;
  replyMs?: number | undefined;
}

/** What the real transport does when a device answers its first transmission so, and no repeat. */
async function really(commands: readonly Answers[]): Promise<(readonly [string, number])[]> {
  const { bench, device } = await TransportBench.withDevice();
  const seen: (readonly [string, number])[] = [];
  for (const { receiptMs, replyMs } of commands) {
    device.clear();
    bench.deliver('new');
    await bench.settle();
    const request = device.all('data')[0];
    if (!request) throw new Error('nothing came');
    if (receiptMs !== undefined) bench.clock.after(receiptMs, () => device.send(receiptOf(request)));
    if (replyMs !== undefined) bench.clock.after(replyMs, () => device.send(replyOf(request)));
    await bench.clock.advanceAsync(10_000);
    const ending = bench.endings[seen.length];
    seen.push([ending?.outcome ?? 'none', ending?.attempts ?? 0]);
  }
  return seen;
}

function rehearsed(commands: readonly Answers[]): (readonly [string, number])[] {
  const using = means();
  return commands.map(({ receiptMs, replyMs }) => {
    const cues = [
      ...(receiptMs === undefined ? [] : [receipt(receiptMs)]),
      ...(replyMs === undefined ? [] : [reply(replyMs)]),
    ].sort((one, other) => one.at - other.at);
    const { outcome, transmissions } = play(cues, using);
    return [outcome, transmissions] as const;
  });
}

describe('rehearsal and reality', () => {
  it('repeat as often and end alike, command after command, whatever the device answers and when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 6 }), async (commands) => {
        fc.pre(commands.every(({ receiptMs, replyMs }) => receiptMs === undefined || receiptMs !== replyMs));
        expect(rehearsed(commands)).toEqual(await really(commands));
      }),
      { numRuns: 150 },
    );
  });
});
