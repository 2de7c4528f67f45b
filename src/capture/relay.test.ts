import fc from 'fast-check';
import { ManualClock } from '../kernel/manual-clock';
import type { Duplex } from '../link/duplex';
import { MemoryDuplex } from '../link/memory-duplex';
import type { Direction } from './live-read';
import { pressureOn, type PressureSettings } from './pressure';
import { Relay } from './relay';

const NORMAL: PressureSettings = {
  mode: 'normal',
  slowConsumerDelayMs: 1000,
  bufferFillReads: 2,
  ackDelayMs: 2000,
};

/** One end, and what it has heard. */
class End {
  readonly heard: number[] = [];
  isClosed = false;

  constructor(readonly duplex: Duplex) {
    duplex.attach({
      data: (chunk) => this.heard.push(...chunk),
      drained: () => {},
      closed: () => (this.isClosed = true),
    });
  }
}

function bench(pressure: Partial<PressureSettings> = {}) {
  const settings = { ...NORMAL, ...pressure };
  const clock = new ManualClock();
  const [deviceEnd, device] = MemoryDuplex.pair();
  const [controllerEnd, upstream] = MemoryDuplex.pair();
  const reads: string[] = [];
  let ends = 0;
  const relay = new Relay({
    device,
    upstream,
    clock,
    pressure: (dir, read, count) => pressureOn(settings, { dir, firstByte: read[0], reads: count }),
    onRead: (dir: Direction, read) => reads.push(`${dir} ${[...read].join(',')}`),
    onEnded: () => (ends += 1),
  });
  relay.start();
  const say = async (end: Duplex, ...bytes: readonly number[]): Promise<void> => {
    end.write(Uint8Array.from(bytes));
    await clock.advanceAsync(0);
  };
  return { clock, relay, reads, say, deviceEnd, controllerEnd, endings: () => ends };
}

describe('Relay', () => {
  it('forwards both directions byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 40 }))), async (turns) => {
        const { clock, deviceEnd, controllerEnd } = bench();
        const [device, controller] = [new End(deviceEnd), new End(controllerEnd)];
        for (const [up, bytes] of turns) (up ? deviceEnd : controllerEnd).write(bytes);
        await clock.advanceAsync(0);
        const sent = (wanted: boolean) => turns.flatMap(([up, bytes]) => (up === wanted ? [...bytes] : []));
        expect(controller.heard).toEqual(sent(true));
        expect(device.heard).toEqual(sent(false));
      }),
      { numRuns: 50 },
    );
  });

  it('stops reading a sender while the receiver takes nothing, and goes on when it does', async () => {
    const { clock, deviceEnd, controllerEnd } = bench();
    const chunk = new Uint8Array(16_384).fill(7);
    for (let turn = 0; turn < 10; turn += 1) deviceEnd.write(chunk);
    await clock.advanceAsync(0);
    expect(deviceEnd.pendingBytes).toBeGreaterThanOrEqual(8 * chunk.length);
    const controller = new End(controllerEnd);
    await clock.advanceAsync(0);
    expect(controller.heard).toHaveLength(10 * chunk.length);
    expect(deviceEnd.pendingBytes).toBe(0);
  });

  it('reads nobody while the file is full', async () => {
    const { clock, relay, reads, say, deviceEnd, controllerEnd } = bench();
    relay.hold('file');
    await say(deviceEnd, 1);
    await say(controllerEnd, 2);
    expect(reads).toEqual([]);
    relay.release('file');
    await clock.advanceAsync(0);
    expect(reads).toEqual(['dev_to_cloud 1', 'cloud_to_dev 2']);
  });

  it.each(['deviceEnd', 'controllerEnd'] as const)(
    'ends the other side behind the last byte when %s ends',
    async (which) => {
      const { clock, deviceEnd, controllerEnd, endings } = bench();
      const [first, second] = which === 'deviceEnd' ? [deviceEnd, controllerEnd] : [controllerEnd, deviceEnd];
      first.write(Uint8Array.of(1, 2, 3));
      await clock.advanceAsync(0);
      first.close('shutdown');
      await clock.advanceAsync(0);
      const other = new End(second);
      await clock.advanceAsync(100);
      expect(other.heard).toEqual([1, 2, 3]);
      expect(other.isClosed).toBe(true);
      expect([endings(), clock.pendingTimers]).toEqual([1, 0]);
    },
  );

  it('waits a bounded time for a side that takes nothing to the end', async () => {
    const { clock, say, deviceEnd, controllerEnd } = bench();
    await say(deviceEnd, 1);
    deviceEnd.close('shutdown');
    await clock.advanceAsync(2100);
    expect(clock.pendingTimers).toBe(0);
    const controller = new End(controllerEnd);
    await clock.advanceAsync(0);
    expect(controller.isClosed).toBe(true);
  });

  it('injects in both directions, and tells of it as of a read', async () => {
    const { clock, relay, reads, deviceEnd, controllerEnd } = bench();
    const [device, controller] = [new End(deviceEnd), new End(controllerEnd)];
    relay.inject('cloud_to_dev', Uint8Array.of(0x73));
    relay.inject('dev_to_cloud', Uint8Array.of(0xd3));
    await clock.advanceAsync(0);
    expect([device.heard, controller.heard]).toEqual([[0x73], [0xd3]]);
    expect(reads).toEqual(['cloud_to_dev 115', 'dev_to_cloud 211']);
  });
});

describe('backpressure modes', () => {
  it('slow_consumer pauses after each read of a device, and not of the controller', async () => {
    const { clock, reads, say, deviceEnd, controllerEnd } = bench({ mode: 'slow_consumer' });
    await say(deviceEnd, 1);
    await say(deviceEnd, 2);
    await say(controllerEnd, 3);
    await say(controllerEnd, 4);
    expect(reads).toEqual(['dev_to_cloud 1', 'cloud_to_dev 3', 'cloud_to_dev 4']);
    await clock.advanceAsync(999);
    expect(reads).toHaveLength(3);
    await clock.advanceAsync(1);
    expect(reads[3]).toBe('dev_to_cloud 2');
  });

  it('buffer_fill reads a device no more after so many reads', async () => {
    const { clock, reads, say, deviceEnd, controllerEnd } = bench({ mode: 'buffer_fill' });
    new End(controllerEnd);
    for (const byte of [1, 2, 3]) await say(deviceEnd, byte);
    await clock.advanceAsync(3_599_999);
    expect(reads).toEqual(['dev_to_cloud 1', 'dev_to_cloud 2']);
    await clock.advanceAsync(1);
    expect(reads).toHaveLength(3);
  });

  it('ack_delay holds back an acknowledgement and what comes behind it, in order', async () => {
    const { clock, say, deviceEnd, controllerEnd } = bench({ mode: 'ack_delay' });
    const device = new End(deviceEnd);
    await say(controllerEnd, 0x73);
    expect(device.heard).toEqual([0x73]);
    await say(controllerEnd, 0x7b, 1);
    await say(controllerEnd, 0x73, 2);
    await clock.advanceAsync(1999);
    expect(device.heard).toEqual([0x73]);
    await clock.advanceAsync(1);
    expect(device.heard).toEqual([0x73, 0x7b, 1, 0x73, 2]);
  });

  it('ack_delay loses nothing when the controller ends while it holds something back', async () => {
    const { clock, say, deviceEnd, controllerEnd } = bench({ mode: 'ack_delay' });
    const device = new End(deviceEnd);
    await say(controllerEnd, 0x88, 1);
    controllerEnd.close('shutdown');
    await clock.advanceAsync(100);
    expect(device.heard).toEqual([0x88, 1]);
    expect([device.isClosed, clock.pendingTimers]).toEqual([true, 0]);
  });
});
