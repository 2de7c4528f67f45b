import type { Fact } from '../kernel/facts';
import type { LaneSettings } from './lane';
import { COMMAND_BYTES, LANE_DEVICE, LaneBench, type Submission } from '../../test/support/lane-bench';

const TO_NEW = { percentage: 100 };
const MINUTE = 60_000;

/** A lane for two, with one more command on the wire: c1 is out, c2 and c3 wait, c4 finds it full. */
function fullLane(settings: Partial<LaneSettings>, more: Partial<Submission> = {}): LaneBench {
  const bench = new LaneBench({ capacity: 2, ...settings }, TO_NEW);
  for (let command = 0; command < 3; command += 1) bench.submit({ deadlineMs: 10 * MINUTE, ...more });
  return bench;
}

const submit = (
  bench: LaneBench,
  count: number,
  submission: Submission = { deadlineMs: 10 * MINUTE },
): string[] => Array.from({ length: count }, () => bench.submit(submission));

async function endNext(bench: LaneBench): Promise<void> {
  bench.deliverer.onWire()[0]?.end();
  await bench.settle();
}

async function endAll(bench: LaneBench): Promise<void> {
  while (bench.deliverer.onWire().length > 0) await endNext(bench);
}

function reports(bench: LaneBench): Fact[] {
  return bench.facts.filter(({ kind }) => kind.startsWith('queue_'));
}

const outcomes = (bench: LaneBench): [string, string][] =>
  [...bench.receipts].map(([id, { outcome }]) => [id, outcome]);

describe('a full lane that drops the oldest', () => {
  test('ends the oldest that waits as queue_full, and takes the new one in its order', async () => {
    const bench = fullLane({ policy: 'drop_oldest' });
    submit(bench, 2);
    await bench.settle();
    expect(outcomes(bench)).toEqual([
      ['c2', 'queue_full'],
      ['c3', 'queue_full'],
    ]);
    await endAll(bench);
    expect(bench.deliverer.left).toEqual(['c1', 'c4', 'c5']);
  });

  test('reports what it dropped, and leaves no timer of it behind', async () => {
    const bench = fullLane({ policy: 'drop_oldest' });
    submit(bench, 1);
    await bench.settle();
    expect(reports(bench)).toEqual([
      { kind: 'queue_dropped', deviceId: LANE_DEVICE, transport: 'new', reason: 'overflow', commandId: 'c2' },
    ]);
    expect(bench.clock.pendingTimers).toBe(2);
  });

  test('drops as many as it takes when the bytes are what is short', async () => {
    const bench = fullLane({ policy: 'drop_oldest', capacity: 100, capacityBytes: 3 * COMMAND_BYTES });
    bench.submit({ bytes: 2 * COMMAND_BYTES });
    await bench.settle();
    expect(outcomes(bench)).toEqual([['c2', 'queue_full']]);
    bench.submit({ bytes: 3 * COMMAND_BYTES });
    await bench.settle();
    expect(bench.lanes.depthOf(LANE_DEVICE).waiting).toBe(1);
  });

  test('gives up nothing for a command that could never fit, or whose deadline has passed', async () => {
    const bench = fullLane({ policy: 'drop_oldest', capacityBytes: 3 * COMMAND_BYTES });
    bench.submit({ bytes: 4 * COMMAND_BYTES });
    bench.submit({ deadlineMs: 0 });
    await bench.settle();
    expect(outcomes(bench)).toEqual([
      ['c4', 'queue_full'],
      ['c5', 'expired'],
    ]);
  });
});

describe('a full lane that rejects', () => {
  test('counts bytes as well as commands', async () => {
    const bench = new LaneBench({ capacityBytes: 2 * COMMAND_BYTES }, TO_NEW);
    submit(bench, 4);
    await bench.settle();
    expect(outcomes(bench)).toEqual([['c4', 'queue_full']]);
    await endNext(bench);
    submit(bench, 1);
    await bench.settle();
    expect(bench.outcomeOf('c5')).toBeUndefined();
  });
});

describe('a full lane that blocks', () => {
  test('lets callers wait for room, in order, and nobody overtakes them', async () => {
    const bench = fullLane({ policy: 'block' });
    submit(bench, 3);
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 5, inFlight: 1 });
    await endNext(bench);
    submit(bench, 1);
    await endAll(bench);
    expect(bench.deliverer.left).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']);
    expect(outcomes(bench).every(([, outcome]) => outcome === 'applied')).toBe(true);
  });

  test('does not let a light command overtake a heavy one that waits for room', async () => {
    const bench = fullLane({ policy: 'block', capacityBytes: 2 * COMMAND_BYTES, capacity: 9 });
    bench.submit({ bytes: 2 * COMMAND_BYTES });
    await endNext(bench);
    bench.submit({ bytes: 1 });
    await endAll(bench);
    expect(bench.deliverer.left).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
  });

  test('lets the light one in when the heavy one before it has given up', async () => {
    const bench = fullLane({ policy: 'block', capacityBytes: 2 * COMMAND_BYTES, capacity: 9 });
    await endNext(bench);
    bench.submit({ bytes: 2 * COMMAND_BYTES, deadlineMs: 100 });
    bench.submit({ bytes: COMMAND_BYTES, deadlineMs: 10 * MINUTE });
    await bench.clock.advanceAsync(100);
    expect(outcomes(bench).at(-1)).toEqual(['c4', 'expired']);
    await bench.clock.advanceAsync(MINUTE);
    expect(bench.outcomeOf('c5')).toBeUndefined();
  });

  test('turns away at once whom there is no room to wait for', async () => {
    const bench = fullLane({ policy: 'block', blockedLimit: 2 });
    submit(bench, 3);
    await bench.settle();
    expect(outcomes(bench)).toEqual([['c6', 'queue_full']]);
  });

  test('ends a wait as queue_full at the put time-out, and as expired at the deadline when that is earlier', async () => {
    const bench = fullLane({ policy: 'block', putTimeoutMs: 10_000 });
    bench.submit({ deadlineMs: 10_001 });
    bench.submit({ deadlineMs: 10_000 });
    bench.submit({ deadlineMs: 4_000 });
    await bench.clock.advanceAsync(9_999);
    expect(outcomes(bench)).toEqual([['c6', 'expired']]);
    await bench.clock.advanceAsync(1);
    expect(outcomes(bench).slice(1)).toEqual([
      ['c4', 'queue_full'],
      ['c5', 'expired'],
    ]);
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 2, inFlight: 1 });
  });

  test('holds a caller that got in to its own deadline alone, counted from the beginning', async () => {
    const bench = fullLane({ policy: 'block', putTimeoutMs: 10_000 });
    bench.submit({ deadlineMs: 15_000 });
    await bench.clock.advanceAsync(9_000);
    await endNext(bench);
    await bench.clock.advanceAsync(5_999);
    expect(bench.outcomeOf('c4')).toBeUndefined();
    await bench.clock.advanceAsync(1);
    expect(bench.outcomeOf('c4')).toBe('expired');
  });

  test('makes room by what expires in it', async () => {
    const bench = new LaneBench({ policy: 'block', capacity: 1 }, TO_NEW);
    bench.submit({ deadlineMs: MINUTE });
    bench.submit({ deadlineMs: 1_000 });
    bench.submit({ deadlineMs: MINUTE });
    await bench.clock.advanceAsync(20_000);
    expect(outcomes(bench)).toEqual([['c2', 'expired']]);
  });

  test('cancels callers that wait for room like everything else, after what is in', async () => {
    const bench = fullLane({ policy: 'block' });
    submit(bench, 2);
    bench.lanes.cancelWaiting();
    await bench.settle();
    expect(outcomes(bench)).toEqual(['c2', 'c3', 'c4', 'c5'].map((id) => [id, 'cancelled']));
    expect(bench.clock.pendingTimers).toBe(0);
  });
});

describe('a lane that blocks and into which nobody gets any more', () => {
  /** Nine waits for room are over for nothing. */
  async function almostSwitched(): Promise<LaneBench> {
    const bench = fullLane({ policy: 'block', degradedAbove: 1_000 });
    submit(bench, 9);
    await bench.clock.advanceAsync(10_000);
    return bench;
  }

  /** The tenth as well, while two more callers wait. */
  async function switched(): Promise<LaneBench> {
    const bench = await almostSwitched();
    submit(bench, 1);
    await bench.clock.advanceAsync(1_000);
    submit(bench, 2);
    await bench.clock.advanceAsync(9_000);
    return bench;
  }

  const inEffect = async (bench: LaneBench): Promise<'drop_oldest' | 'block'> => {
    const before = bench.receipts.size;
    submit(bench, 1);
    await bench.settle();
    return bench.receipts.size > before ? 'drop_oldest' : 'block';
  };

  test('drops the oldest after ten put time-outs in a row, and lets in who waits at that moment', async () => {
    const bench = await switched();
    expect(outcomes(bench).slice(-3)).toEqual([
      ['c13', 'queue_full'],
      ['c2', 'queue_full'],
      ['c3', 'queue_full'],
    ]);
    expect(reports(bench)).toEqual([
      expect.objectContaining({
        kind: 'queue_policy_switched',
        to: 'drop_oldest',
        reason: 'deadlock_prevention',
      }),
      expect.objectContaining({ kind: 'queue_dropped', commandId: 'c2' }),
      expect.objectContaining({ kind: 'queue_dropped', commandId: 'c3' }),
    ]);
    await endAll(bench);
    expect(bench.deliverer.left).toEqual(['c1', 'c14', 'c15']);
  });

  test('goes on blocking when somebody got in before the tenth', async () => {
    const bench = await almostSwitched();
    await endNext(bench);
    submit(bench, 10);
    await bench.clock.advanceAsync(10_000);
    expect(reports(bench)).toEqual([]);
  });

  test('does not block again before a minute has passed, though it is empty', async () => {
    const bench = await switched();
    await endAll(bench);
    await bench.clock.advanceAsync(MINUTE - 1);
    submit(bench, 3);
    expect(await inEffect(bench)).toBe('drop_oldest');
  });

  test('does not block again while it is half full, however long', async () => {
    const bench = await switched();
    await bench.clock.advanceAsync(2 * MINUTE);
    expect(await inEffect(bench)).toBe('drop_oldest');
  });

  test('blocks again though nothing happened in that minute, while one command took long', async () => {
    const bench = await switched();
    await endNext(bench);
    await endNext(bench);
    await bench.clock.advanceAsync(MINUTE);
    submit(bench, 2);
    expect(await inEffect(bench)).toBe('block');
  });

  test('blocks again when a minute has passed and it is below half, and says so once', async () => {
    const bench = await switched();
    await endAll(bench);
    await bench.clock.advanceAsync(MINUTE);
    submit(bench, 3);
    expect(await inEffect(bench)).toBe('block');
    const switches = reports(bench).flatMap((fact) =>
      fact.kind === 'queue_policy_switched' ? [fact.reason] : [],
    );
    expect(switches).toEqual(['deadlock_prevention', 'recovered']);
  });
});

describe('the alarm of a lane', () => {
  const alarms = (bench: LaneBench): Fact[] => bench.facts.filter(({ kind }) => kind === 'queue_degraded');

  test('goes off once, at the first full event too many, and says how much waits', () => {
    const bench = fullLane({});
    submit(bench, 10);
    expect(alarms(bench)).toEqual([]);
    submit(bench, 10);
    expect(alarms(bench)).toEqual([
      { kind: 'queue_degraded', deviceId: LANE_DEVICE, transport: 'new', policy: 'reject', waiting: 2 },
    ]);
  });

  test('goes off at most once a minute, though the lane was idle in between', async () => {
    const bench = fullLane({});
    submit(bench, 20);
    await endAll(bench);
    await bench.clock.advanceAsync(MINUTE - 1);
    submit(bench, 20);
    expect(bench.lanes.resting).toBe(0);
    expect(alarms(bench)).toHaveLength(1);
    await endAll(bench);
    await bench.clock.advanceAsync(1);
    submit(bench, 20);
    expect(alarms(bench)).toHaveLength(2);
  });

  test('is forgotten with the lane when a minute has passed, by what other lanes do', async () => {
    const bench = fullLane({});
    submit(bench, 20);
    await endAll(bench);
    expect(bench.lanes.resting).toBe(1);
    expect(bench.clock.pendingTimers).toBe(0);
    await bench.clock.advanceAsync(MINUTE);
    bench.submit({ deviceId: '00000001' });
    await endAll(bench);
    expect(bench.lanes.resting).toBe(0);
  });
});
