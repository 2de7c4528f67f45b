import fc from 'fast-check';
import { ManualClock } from '../kernel/manual-clock';
import type { Duplex } from './duplex';
import { MemoryDuplex } from './memory-duplex';

const clock = new ManualClock();
const settle = (): Promise<void> => clock.advanceAsync(0);

function listenOn(duplex: Duplex): { data: number[]; events: string[] } {
  const heard = { data: [] as number[], events: [] as string[] };
  duplex.attach({
    data: (chunk) => heard.data.push(...chunk),
    drained: () => heard.events.push('drained'),
    closed: (reason) => heard.events.push(`closed ${reason}`),
  });
  return heard;
}

describe('a pipe in memory', () => {
  it('brings every byte over in order, and never within the call that writes it', async () => {
    const [left, right] = MemoryDuplex.pair();
    const heard = listenOn(right);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 })), async (chunks) => {
        heard.data.length = 0;
        for (const chunk of chunks) left.write(chunk);
        expect(heard.data).toEqual([]);
        await settle();
        expect(heard.data).toEqual(chunks.flatMap((chunk) => [...chunk]));
      }),
    );
  });

  it('keeps what is written before the other end listens', async () => {
    const [left, right] = MemoryDuplex.pair();
    left.write(Uint8Array.of(1));
    await settle();
    const heard = listenOn(right);
    await settle();
    expect(heard.data).toEqual([1]);
  });

  it('is not writable while too much waits for a paused end, and says when it is again', async () => {
    const [left, right] = MemoryDuplex.pair(4);
    const [writer, reader] = [listenOn(left), listenOn(right)];
    right.pause();
    left.write(new Uint8Array(3));
    expect([left.writable, left.pendingBytes]).toEqual([true, 3]);
    left.write(new Uint8Array(1));
    await settle();
    expect([left.writable, left.pendingBytes, reader.data.length, writer.events]).toEqual([false, 4, 0, []]);
    right.resume();
    await settle();
    expect([left.writable, left.pendingBytes, reader.data.length, writer.events]).toEqual([
      true,
      0,
      4,
      ['drained'],
    ]);
  });

  it('tells both ends once of its end, the closing one its own reason', async () => {
    const [left, right] = MemoryDuplex.pair();
    const [closing, other] = [listenOn(left), listenOn(right)];
    left.write(Uint8Array.of(1));
    left.close('superseded');
    left.close('shutdown');
    right.close('silent');
    await settle();
    expect(closing.events).toEqual(['closed superseded']);
    expect(other.events).toEqual(['closed silent']);
  });

  it('tells an end that only listens later, once', async () => {
    const [left, right] = MemoryDuplex.pair();
    left.close('shutdown');
    const soon = listenOn(left);
    await settle();
    const late = listenOn(right);
    await settle();
    expect([soon.events, late.events]).toEqual([['closed shutdown'], ['closed peer_closed']]);
  });

  it('delivers what was written before the close, and nothing after it', async () => {
    const [left, right] = MemoryDuplex.pair();
    const heard = listenOn(right);
    left.write(Uint8Array.of(1));
    left.close('shutdown');
    left.write(Uint8Array.of(2));
    await settle();
    expect([heard.data, heard.events]).toEqual([[1], ['closed peer_closed']]);
  });
});
