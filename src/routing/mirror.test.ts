import fc from 'fast-check';
import { frameOf, receiptOf, replyOf, type MemoryDevice } from '../../test/support/memory-device';
import { KeepingShadow, MIRROR_OFF, MIRROR_ON, MirrorBench } from '../../test/support/mirror-bench';
import { deviceIds, planWith } from '../../test/support/plans';
import type { Recording, Shadow, ShadowReport } from '../transport/shadowing';
import { MirrorSample } from './mirror-sample';

const QUICK = { receiptMs: 40, replyMs: 120 };

async function withDevice(
  ...given: ConstructorParameters<typeof MirrorBench>
): Promise<{ bench: MirrorBench; device: MemoryDevice }> {
  const bench = new MirrorBench(...given);
  bench.route = 'legacy';
  return { bench, device: await bench.ready() };
}

/** A shadow that does as the test says. */
const shadowThat = (examine: (recording: Recording) => ShadowReport | Promise<ShadowReport>): Shadow => ({
  examine,
});
const THROWING = shadowThat(() => {
  throw new Error('a bug in the shadow');
});
const HUNG = shadowThat(() => new Promise(() => {}));
const REJECTING = shadowThat(() => Promise.reject(new Error('gone')));

const droppedBecause = (bench: MirrorBench): string[] =>
  bench.facts.of('mirror_dropped').map(({ reason }) => reason);

describe('the mirror', () => {
  it('has what legacy delivered examined, and says so in the receipt', async () => {
    const { bench, device } = await withDevice();
    await bench.exchange(device, QUICK);
    expect(bench.receipts).toMatchObject([{ transport: 'legacy', outcome: 'applied', mirrored: true }]);
    expect(bench.facts.of('mirror_compared')).toMatchObject([
      { error: undefined, believed: 'applied', observed: 'applied', latencyMs: 120, retransmissions: 0 },
    ]);
    expect(bench.tally.of(1)).toEqual({ compared: 1, disagreed: 0 });
  });

  it('leaves alone what the new transport delivers', async () => {
    const { bench, device } = await withDevice(undefined, { plan: { ...MIRROR_ON, percentage: 100 } });
    bench.route = 'new';
    await bench.exchange(device, QUICK);
    expect(bench.receipts).toMatchObject([{ transport: 'new', mirrored: false }]);
    expect(bench.countOf('mirror_sampled')).toBe(0);
  });

  it('leaves everything alone while it is off', async () => {
    const { bench, device } = await withDevice(undefined, { plan: MIRROR_OFF });
    await bench.exchange(device, QUICK);
    expect(bench.receipts[0]?.mirrored).toBe(false);
    expect(bench.countOf('mirror_sampled')).toBe(0);
  });

  it('does not shadow queries, nor what was never written', async () => {
    const { bench, device } = await withDevice();
    bench.submit({ action: { command: 'mesh_info' }, deadlineAt: bench.clock.now() + 200 });
    await bench.clock.advanceAsync(300);
    device.close();
    await bench.settle();
    bench.submit();
    await bench.settle();
    expect(bench.receipts.map(({ outcome, mirrored }) => [outcome, mirrored])).toEqual([
      ['timeout', false],
      ['not_connected', false],
    ]);
    expect(bench.mirror.pending).toBe(0);
  });

  it('counts evidence for the generation in which the command left', async () => {
    const { bench, device } = await withDevice();
    bench.submit();
    await bench.settle();
    const request = device.all('data')[0];
    if (!request) throw new Error('nothing came');
    bench.router.use({ plan: planWith({ ...MIRROR_ON, generation: 2, revision: 2 }), latched: false });
    device.send(receiptOf(request), replyOf(request));
    await bench.clock.advanceAsync(20);
    expect(bench.facts.of('mirror_compared')).toMatchObject([{ generation: 1 }]);
    expect(bench.tally.of(2)).toEqual({ compared: 0, disagreed: 0 });
  });

  it('takes no numbers from the link', async () => {
    const numbers = async (plan: typeof MIRROR_ON): Promise<number[]> => {
      const { bench, device } = await withDevice(undefined, { plan });
      for (let command = 0; command < 3; command += 1) await bench.exchange(device, QUICK);
      bench.route = 'new';
      bench.router.use({ plan: planWith({ ...plan, percentage: 100 }), latched: false });
      await bench.exchange(device, QUICK);
      return device.all('data').flatMap((packet) => [packet.messageId, frameOf(packet).sequence]);
    };
    expect(await numbers(MIRROR_ON)).toEqual(await numbers(MIRROR_OFF));
  });
});

describe('what the shadow hears', () => {
  it('is the reply and the receipt, whichever comes first, and both when they come together', async () => {
    const shadow = new KeepingShadow();
    const { bench, device } = await withDevice(shadow);
    await bench.exchange(device, { receiptMs: 40, replyMs: 120 });
    await bench.exchange(device, { receiptMs: 50, replyMs: 50 });
    await bench.exchange(device, { receiptMs: 400, replyMs: 120 });
    expect(shadow.recordings.map(({ heard }) => heard.length)).toEqual([2, 2, 1]);
    expect(shadow.reports.map(({ agrees }) => agrees.outcome)).toEqual([true, true, true]);
  });

  it('does not take the late receipt of one command for that of the next', async () => {
    const shadow = new KeepingShadow();
    const { bench, device } = await withDevice(shadow);
    await bench.exchange(device, { receiptMs: 200, replyMs: 100 });
    await bench.exchange(device, { receiptMs: 300, replyMs: 400 });
    const [, second] = shadow.recordings;
    const since = second?.heard.map(({ at }) => at - second.startedAt);
    expect(since).toEqual([300, 400]);
  });

  it('is the end of the connection', async () => {
    const shadow = new KeepingShadow();
    const { bench, device } = await withDevice(shadow);
    bench.submit();
    await bench.settle();
    bench.clock.after(50, () => device.close());
    await bench.clock.advanceAsync(100);
    expect(bench.receipts[0]?.outcome).toBe('connection_lost');
    expect(shadow.reports).toMatchObject([{ outcome: 'connection_lost', agrees: { outcome: true } }]);
  });

  it('is only so much: a device that does not stop talking is not shadowed', async () => {
    const { bench, device } = await withDevice(undefined, { settings: { heardLimit: 4 } });
    bench.submit();
    await bench.settle();
    const request = device.all('data')[0];
    if (!request) throw new Error('nothing came');
    device.send(...Array.from({ length: 6 }, () => receiptOf(request)), replyOf(request));
    await bench.clock.advanceAsync(20);
    expect(bench.receipts).toMatchObject([{ outcome: 'applied', mirrored: false }]);
    expect(droppedBecause(bench)).toEqual(['overheard']);
  });
});

describe('a shadow that misbehaves', () => {
  it.each<[string, Shadow, string]>([
    ['throws', THROWING, 'shadow_threw'],
    ['rejects', REJECTING, 'shadow_threw'],
    ['never answers', HUNG, 'shadow_hung'],
    ['answers nonsense', shadowThat(() => undefined as unknown as ShadowReport), 'shadow_threw'],
  ])('and %s changes no receipt, and is switched off', async (_what, shadow, error) => {
    const { bench, device } = await withDevice(shadow, { settings: { failures: 3 } });
    for (let command = 0; command < 12; command += 1) {
      await bench.exchange(device, QUICK);
      await bench.clock.advanceAsync(1_100);
    }
    expect(bench.receipts.map(({ outcome, latencyMs }) => `${outcome} ${latencyMs}`)).toEqual(
      Array.from({ length: 12 }, () => 'applied 120'),
    );
    expect(bench.facts.of('mirror_failed').map((fact) => fact.error)).toEqual([error, error, error]);
    expect(bench.countOf('mirror_breaker_opened')).toBe(1);
    expect(new Set(droppedBecause(bench))).toEqual(new Set(['breaker_open']));
    expect(bench.receipts.at(-1)?.mirrored).toBe(false);
  });

  it('is tried again after the pause, and kept when it is well', async () => {
    const well = new KeepingShadow();
    let ill = true;
    const shadow = shadowThat((recording) => (ill ? THROWING : well).examine(recording));
    const { bench, device } = await withDevice(shadow, { settings: { failures: 1, pauseMs: 1_000 } });
    await bench.exchange(device, QUICK);
    ill = false;
    await bench.exchange(device, QUICK);
    await bench.clock.advanceAsync(1_000);
    await bench.exchange(device, QUICK);
    await bench.exchange(device, QUICK);
    expect(bench.receipts.map(({ mirrored }) => mirrored)).toEqual([true, false, true, true]);
    expect(bench.countOf('mirror_breaker_closed')).toBe(1);
  });

  it('and takes too long opens the breaker, though it answers', async () => {
    const well = new KeepingShadow();
    const bench: MirrorBench = new MirrorBench(
      shadowThat((recording) => {
        bench.clock.advance(50);
        return well.examine(recording);
      }),
      { settings: { failures: 2 } },
    );
    bench.route = 'legacy';
    const device = await bench.ready();
    for (let command = 0; command < 4; command += 1) await bench.exchange(device, QUICK);
    expect(bench.facts.of('mirror_breaker_opened')).toMatchObject([{ cause: 'overran' }]);
    expect(bench.countOf('mirror_compared')).toBe(2);
  });

  it('holds no more commands than it may, and the rest are counted and go their way', async () => {
    const { bench } = await withDevice(HUNG, { settings: { capacity: 3, strains: 4, hangMs: 60_000 } });
    for (let command = 0; command < 12; command += 1)
      bench.submit({ deadlineAt: bench.clock.now() + 10 * (command + 1) });
    await bench.clock.advanceAsync(500);
    expect(bench.receipts).toHaveLength(12);
    expect(bench.mirror.pending).toBeLessThanOrEqual(3);
    const reasons = droppedBecause(bench);
    expect(reasons.filter((reason) => reason === 'queue_full').length).toBeGreaterThanOrEqual(4);
    expect(bench.facts.of('mirror_breaker_opened')).toMatchObject([{ cause: 'flooded' }]);
  });

  it('leaves nothing behind when everything has ended', async () => {
    const { bench, device } = await withDevice();
    const timers = bench.clock.pendingTimers;
    for (let command = 0; command < 5; command += 1) await bench.exchange(device, QUICK);
    await bench.clock.advanceAsync(60_000);
    expect(bench.mirror.pending).toBe(0);
    expect(bench.clock.pendingTimers).toBe(timers);
  });
});

describe('the sample of the mirror', () => {
  it('holds about as many devices as it should, and a larger one the smaller', () => {
    const sample = new MirrorSample();
    const ids = deviceIds(10_000);
    const held = (percentage: number): Set<string> => {
      const plan = planWith({ mirror: { on: true, percentage } });
      return new Set(ids.filter((id) => sample.holds(id, plan)));
    };
    const [ten, fifty] = [held(10), held(50)];
    expect(ten.size).toBeGreaterThan(900);
    expect(ten.size).toBeLessThan(1_100);
    expect([...ten].every((id) => fifty.has(id))).toBe(true);
  });
});

type Step =
  | { readonly kind: 'submit'; readonly level: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'answer'; readonly what: 'receipt' | 'reply' | 'refusal' | 'noise' }
  | { readonly kind: 'drop' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), level: fc.nat(100) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        what: fc.constantFrom('receipt' as const, 'reply' as const, 'refusal' as const, 'noise' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
  ),
  { maxLength: 30 },
);

function perform(step: Step, bench: MirrorBench, device: MemoryDevice): void {
  const request = device.all('data').at(-1);
  if (step.kind === 'submit') bench.submit({ action: { command: 'brightness', level: step.level } });
  else if (step.kind === 'drop') device.close();
  else if (step.kind === 'answer' && request) {
    if (step.what === 'receipt') device.send(receiptOf(request));
    else if (step.what === 'noise') device.send(receiptOf({ messageId: 999 }));
    else device.send(replyOf(request, step.what === 'reply' ? 0 : 3));
  }
}

/** All that the device was written, and how its commands ended, with one mirror or another. */
async function play(script: readonly Step[], shadow: Shadow, plan: typeof MIRROR_ON): Promise<unknown> {
  const { bench, device } = await withDevice(shadow, { plan, settings: { capacity: 3, failures: 2 } });
  for (const step of script) {
    perform(step, bench, device);
    await bench.clock.advanceAsync(step.kind === 'pass' ? step.ms : 0);
  }
  await bench.clock.advanceAsync(60_000);
  return {
    written: device.hex,
    endings: bench.receipts.map(({ commandId, outcome, attempts, latencyMs }) => [
      commandId,
      outcome,
      attempts,
      latencyMs,
    ]),
  };
}

describe('the way to the device', () => {
  it('carries the same bytes, and every command ends alike, with the mirror on, off, throwing and hung', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const without = await play(script, new KeepingShadow(), MIRROR_OFF);
        for (const shadow of [new KeepingShadow(), THROWING, HUNG])
          expect(await play(script, shadow, MIRROR_ON)).toEqual(without);
      }),
      { numRuns: 60 },
    );
  });
});
