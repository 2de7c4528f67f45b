import fc from 'fast-check';
import { LinkBench } from '../../test/support/link-bench';
import {
  DEVICE,
  handshakeOf,
  ownNodeReport,
  receiptOf,
  type MemoryDevice,
} from '../../test/support/memory-device';
import { encodePacket } from '../protocol/codec';

const HEARTBEAT = encodePacket({ kind: 'heartbeat' });
/** A header that promises 64 bytes which never come. */
const FALSE_HEADER = '7300000040';

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('a packet whose rest does not come', () => {
  it('is given up after the time set, and the good packet behind it is found', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(FALSE_HEADER);
    device.send({ kind: 'heartbeat' });
    await bench.clock.advanceAsync(9_000);
    expect(device.received).toEqual([]);
    await bench.clock.advanceAsync(1_000);
    expect(device.kinds()).toEqual(['heartbeat_answer']);
    expect(bench.facts.of('bytes_discarded').map(({ reason, count }) => [reason, count])).toEqual([
      ['out_of_step', 1],
      ['out_of_step', 4],
    ]);
    expect(bench.facts.endReasons()).toEqual([]);
  });

  it('is given up though the device goes on sending into it', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(FALSE_HEADER);
    for (let second = 0; second < 10; second += 1) {
      device.sendBytes('00');
      await bench.clock.advanceAsync(1_000);
    }
    expect(bench.facts.of('bytes_discarded')).not.toEqual([]);
  });

  it('gives the packet that begins behind it the whole time again', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(FALSE_HEADER);
    await bench.clock.advanceAsync(9_000);
    device.sendBytes(HEARTBEAT.subarray(0, 3));
    await bench.clock.advanceAsync(9_000);
    device.sendBytes(HEARTBEAT.subarray(3));
    await bench.settle();
    expect(device.kinds()).toEqual(['heartbeat_answer']);
  });

  it('is given up behind another one too, each after its own time', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(FALSE_HEADER + FALSE_HEADER);
    device.send({ kind: 'heartbeat' });
    await bench.clock.advanceAsync(19_000);
    expect(device.received).toEqual([]);
    await bench.clock.advanceAsync(1_000);
    expect(device.kinds()).toEqual(['heartbeat_answer']);
  });

  it('leaves no time running when nothing is held behind it', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(FALSE_HEADER);
    await bench.clock.advanceAsync(12_000);
    device.sendBytes(HEARTBEAT.subarray(0, 3));
    await bench.clock.advanceAsync(9_000);
    device.sendBytes(HEARTBEAT.subarray(3));
    await bench.settle();
    expect(device.kinds()).toEqual(['heartbeat_answer']);
  });

  it('does not shorten the time of a packet that begins behind garbage', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes('73');
    await bench.clock.advanceAsync(9_000);
    device.sendBytes(joined(Uint8Array.of(0xff, 0xff), HEARTBEAT.subarray(0, 3)));
    await bench.clock.advanceAsync(9_000);
    device.sendBytes(HEARTBEAT.subarray(3));
    await bench.settle();
    expect(device.kinds()).toEqual(['heartbeat_answer']);
  });

  it('is not waited for by the next connection: each begins with nothing held', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(encodePacket(ownNodeReport(7)).subarray(0, 20));
    await bench.settle();
    device.close();
    await bench.settle();
    const again = await bench.identified();
    expect(again.kinds()).toEqual(['handshake_answer', 'announce']);
    expect(bench.facts.of('decode_failed')).toEqual([]);
  });
});

describe('a healthy stream', () => {
  it('is never given up, though every read of it ends inside a packet', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(HEARTBEAT.subarray(0, 2));
    for (let turn = 0; turn < 100; turn += 1) {
      await bench.clock.advanceAsync(3_000);
      device.sendBytes(joined(HEARTBEAT.subarray(2), HEARTBEAT.subarray(0, 2)));
    }
    await bench.settle();
    expect(device.all('heartbeat_answer')).toHaveLength(100);
    expect(bench.facts.of('bytes_discarded')).toEqual([]);
  });

  it('is answered the same however it is cut, and each packet once', async () => {
    const packets = [
      handshakeOf(),
      ownNodeReport(5),
      receiptOf({ messageId: 9 }),
      { kind: 'heartbeat' } as const,
    ];
    const stream = joined(...packets.map((packet) => encodePacket(packet)));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const bench = new LinkBench();
        const device = bench.dial();
        const edges = [0, ...places.sort((a, b) => a - b), stream.length];
        for (const [index, edge] of edges.slice(1).entries()) {
          device.sendBytes(stream.subarray(edges[index], edge));
          await bench.settle();
        }
        expect(device.kinds()).toEqual([
          'handshake_answer',
          'announce',
          'datapoints_answer',
          'heartbeat_answer',
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('ends cleanly when it is cut off at any byte of three packets, and what was whole was answered', async () => {
    const packets = [encodePacket(ownNodeReport(5)), HEARTBEAT, encodePacket(ownNodeReport(6))];
    const stream = joined(...packets);
    const ends = packets.map((_, index) =>
      packets.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0),
    );
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const bench = new LinkBench();
      const device = await bench.ready();
      device.sendBytes(stream.subarray(0, cut));
      await bench.settle();
      device.close();
      await bench.settle();
      const whole = ends.filter((end) => end <= cut).length;
      expect(device.received).toHaveLength(whole);
      expect(bench.facts.endReasons()).toEqual(['peer_closed']);
      expect(bench.registry.connections).toBe(0);
    }
  });
});

describe('a device that writes but does not read', () => {
  async function flood(device: MemoryDevice, bench: LinkBench, count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) {
      device.send({ kind: 'heartbeat' });
      await bench.settle();
    }
  }

  it('is not listened to while it does not take its answers, and is served when it does', async () => {
    const bench = new LinkBench();
    const device = await bench.readyOver(20);
    device.pause();
    await flood(device, bench, 50);
    const heard = (): number => bench.facts.of('packet').filter(({ type }) => type === 0xd3).length;
    expect(heard()).toBe(4);
    device.resume();
    await bench.settle();
    expect(heard()).toBe(50);
    expect(device.all('heartbeat_answer')).toHaveLength(50);
  });

  it('is dead after 63 s, like any that is not heard', async () => {
    const bench = new LinkBench();
    const device = await bench.readyOver(20);
    device.pause();
    for (let second = 0; second < 80; second += 1) {
      device.send({ kind: 'heartbeat' });
      await bench.clock.advanceAsync(1_000);
    }
    expect(bench.facts.endReasons()).toEqual(['silent']);
  });

  it('ends when more waits for it than the limit, and nothing is said to have been sent after that', async () => {
    const bench = new LinkBench({ settings: { sendBufferLimitBytes: 30 } });
    const device = await bench.ready();
    device.pause();
    device.sendBytes(joined(...Array.from({ length: 20 }, () => HEARTBEAT)));
    await bench.settle();
    expect(bench.facts.endReasons()).toEqual(['send_buffer_full']);
    expect(bench.facts.of('packet').filter(({ direction }) => direction === 'sent')).toHaveLength(7);
    expect(bench.registry.connections).toBe(0);
  });

  it('ends before the announce when not even the answer to its handshake finds room', async () => {
    const bench = new LinkBench({ settings: { sendBufferLimitBytes: 5 } });
    const device = bench.dial();
    device.pause();
    device.send(handshakeOf(DEVICE));
    await bench.settle();
    expect(bench.facts.endReasons()).toEqual(['send_buffer_full']);
    const sent = bench.facts.of('packet').filter(({ direction }) => direction === 'sent');
    expect(sent.map(({ type }) => type)).toEqual([0x28]);
  });
});
