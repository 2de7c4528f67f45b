import { frameOf, receiptOf, replyOf } from '../../../test/support/memory-device';
import {
  DEADLINE_MS,
  IDLE_TIMERS,
  RELIABLE_SETTINGS,
  TransportBench,
} from '../../../test/support/transport-bench';
import { decodeMeshPdu } from '../../protocol/mesh-pdu';

/** First wait for a receipt: before anything was measured, and the first pause. */
const FIRST_WAIT_MS = 1_000 + 250;

describe('a command over the new transport', () => {
  it('is numbered, transmitted once and applied', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new');
    await bench.clock.advanceAsync(80);
    const [request] = device.all('data');
    if (!request) throw new Error('nothing came');
    expect(request.messageId).toBeGreaterThan(0);
    expect(frameOf(request)).toMatchObject({ opcode: 0xd0, checksumOk: true });
    device.send(receiptOf(request));
    await bench.clock.advanceAsync(200);
    device.send(replyOf(request));
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect(bench.outcomes()).toEqual(['applied 1 280']);
    expect(device.all('data')).toHaveLength(1);
    expect(bench.clock.pendingTimers).toBe(IDLE_TIMERS);
  });

  it('is repeated byte for byte while no receipt comes, waiting longer each time', async () => {
    const { bench, device } = await TransportBench.withDevice({ settings: { sweepMs: 100_000 } });
    const at: number[] = [];
    const begun = bench.clock.now();
    bench.deliver('new', { deadlineAt: begun + 20_000 });
    for (let ms = 0; ms < 20_000; ms += 50) {
      await bench.clock.advanceAsync(50);
      while (at.length < device.received.length) at.push(bench.clock.now() - begun);
    }
    expect(at).toEqual([50, 1_250, 2_750, 4_750]);
    expect(new Set(device.hex).size).toBe(1);
    expect(bench.facts.of('answer_timeout').map(({ awaited }) => awaited)).toEqual(
      new Array(4).fill('receipt'),
    );
    expect(bench.outcomes()).toEqual(['timeout 4 20000']);
  });

  it('keeps message id, sequence and mesh sequence over its repeats, and the next command has others', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new');
    await bench.clock.advanceAsync(FIRST_WAIT_MS);
    const [request] = device.all('data');
    if (!request) throw new Error('nothing came');
    device.send(replyOf(request));
    await bench.settle();
    bench.deliver('new');
    await bench.settle();
    const numbers = device.all('data').map((packet) => {
      const frame = frameOf(packet);
      return [packet.messageId, frame.sequence, decodeMeshPdu(frame.data)?.sequence];
    });
    expect(numbers).toHaveLength(3);
    expect(numbers[1]).toEqual(numbers[0]);
    numbers[2]?.forEach((number, place) => expect(number).not.toBe(numbers[0]?.[place]));
  });

  it('is repeated when the receipt came and the reply does not', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new', { deadlineAt: bench.clock.now() + 20_000 });
    await bench.settle();
    device.send(...device.all('data').map(receiptOf));
    await bench.clock.advanceAsync(2_749);
    expect(device.all('data')).toHaveLength(1);
    await bench.clock.advanceAsync(1);
    expect(device.all('data')).toHaveLength(2);
    expect(bench.facts.of('answer_timeout').map(({ awaited }) => awaited)).toEqual(['reply']);
  });

  it('learns the pace of its device: after a slow receipt the next command waits longer', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new');
    await bench.clock.advanceAsync(900);
    const [first] = device.all('data');
    if (!first) throw new Error('nothing came');
    device.send(receiptOf(first), replyOf(first));
    await bench.settle();
    bench.deliver('new');
    await bench.clock.advanceAsync(2_949);
    expect(device.all('data')).toHaveLength(2);
    await bench.clock.advanceAsync(1);
    expect(device.all('data')).toHaveLength(3);
  });

  it('learns the pace of replies too: after a quick one the next lost one is noticed sooner', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new');
    await bench.settle();
    const [first] = device.all('data');
    if (!first) throw new Error('nothing came');
    device.send(receiptOf(first), replyOf(first));
    await bench.settle();
    bench.deliver('new');
    await bench.settle();
    const [, second] = device.all('data');
    if (!second) throw new Error('no second command came');
    device.send(receiptOf(second));
    await bench.clock.advanceAsync(RELIABLE_SETTINGS.replyTimer.floorMs + 250);
    expect(device.all('data')).toHaveLength(3);
  });

  it('learns of each connection anew', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('new');
    await bench.clock.advanceAsync(900);
    device.send(...device.all('data').flatMap((request) => [receiptOf(request), replyOf(request)]));
    await bench.settle();
    const again = await bench.ready();
    bench.deliver('new');
    await bench.clock.advanceAsync(FIRST_WAIT_MS);
    expect(again.all('data')).toHaveLength(2);
  });

  it('waits while the device takes no bytes, and goes on when it does', async () => {
    const { bench, device } = await TransportBench.withDevice({}, 100);
    device.pause();
    // Six answers of 19 bytes to come fill the pipe.
    for (let turn = 0; turn < 20; turn += 1) device.send({ kind: 'heartbeat' });
    await bench.settle();
    bench.deliver('new');
    await bench.clock.advanceAsync(3_000);
    expect(bench.facts.of('transmission')).toEqual([]);
    device.resume();
    await bench.settle();
    expect(device.all('data')).toHaveLength(1);
    expect(bench.facts.of('transmission')).toHaveLength(1);
  });

  it('has expired when the device never took bytes', async () => {
    const { bench, device } = await TransportBench.withDevice({}, 100);
    device.pause();
    for (let turn = 0; turn < 20; turn += 1) device.send({ kind: 'heartbeat' });
    await bench.settle();
    bench.deliver('new');
    await bench.clock.advanceAsync(DEADLINE_MS);
    device.resume();
    await bench.settle();
    expect(bench.outcomes()).toEqual(['expired 0 5000']);
    expect(device.all('data')).toEqual([]);
  });

  it('is not transmitted again once it is handed over, and its answer still counts', async () => {
    const { bench, device } = await TransportBench.withDevice();
    const inFlight = bench.deliver('new');
    await bench.settle();
    inFlight?.handOver(bench.clock.now() + 2_000);
    await bench.clock.advanceAsync(1_900);
    device.send(...device.all('data').map((request) => replyOf(request)));
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect(device.all('data')).toHaveLength(1);
    expect(bench.outcomes()).toEqual(['applied 1 1900']);
  });

  it('ends at the handover when nothing answers, and the other transport may write from then on', async () => {
    const { bench, device } = await TransportBench.withDevice();
    const inFlight = bench.deliver('new');
    await bench.settle();
    inFlight?.handOver(bench.clock.now() + 1_000);
    expect(() => bench.deliver('legacy')).toThrow('legacy may not write');
    await bench.clock.advanceAsync(1_000);
    expect(bench.outcomes()).toEqual(['timeout 1 1000']);
    bench.deliver('legacy');
    await bench.settle();
    expect(device.all('data').map(({ messageId }) => messageId === 0)).toEqual([false, true]);
  });

  it('stops at its deadline, in the middle of its retries', async () => {
    const { bench, device } = await TransportBench.withDevice({
      reliable: { ...RELIABLE_SETTINGS, retry: { retries: 20, baseMs: 0, capMs: 0, jitterMs: 0 } },
    });
    bench.deliver('new');
    await bench.clock.advanceAsync(60_000);
    expect(device.all('data')).toHaveLength(5);
    expect(bench.outcomes()).toEqual(['timeout 5 5000']);
  });
});
