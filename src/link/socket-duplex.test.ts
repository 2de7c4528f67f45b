import { RecordingDuplex } from '../../test/support/recording-duplex';
import { closing, dialDeaf, SocketBench } from '../../test/support/socket-bench';
import { SocketDuplex } from './socket-duplex';

/** More than the kernel takes from a writer whose reader is paused. */
const PLENTY = 16 * 1024 * 1024;

describe('a socket as a duplex', () => {
  let bench: SocketBench;

  beforeEach(async () => {
    bench = await SocketBench.open();
  });

  afterEach(() => bench.close());

  it('brings bytes both ways and says who is at the other end', async () => {
    const { client, server } = await bench.pair();
    const [near, far] = [
      new RecordingDuplex(new SocketDuplex(server, false)),
      new RecordingDuplex(new SocketDuplex(client, true)),
    ];
    near.duplex.write(Uint8Array.of(1, 2, 3));
    far.duplex.write(Uint8Array.of(4));
    await far.received(3);
    await near.received(1);
    expect([far.bytes, near.bytes]).toEqual([[1, 2, 3], [4]]);
    expect(near.duplex.remote).toBe(`127.0.0.1:${client.localPort}`);
    expect([near.duplex.encrypted, far.duplex.encrypted]).toEqual([false, true]);
  });

  it('gives what one turn writes to the kernel in one piece, in order', async () => {
    const { client, server } = await bench.pair();
    const far = new RecordingDuplex(new SocketDuplex(client, false));
    const writes = jest.spyOn(server, 'write');
    const duplex = new SocketDuplex(server, false);
    for (let byte = 0; byte < 100; byte += 1) duplex.write(Uint8Array.of(byte));
    expect(duplex.pendingBytes).toBe(100);
    await far.received(100);
    duplex.write(Uint8Array.of(100));
    await far.received(101);
    expect(writes).toHaveBeenCalledTimes(2);
    expect(far.bytes).toEqual(Array.from({ length: 101 }, (_, byte) => byte));
    expect(duplex.pendingBytes).toBe(0);
  });

  it('sends small packets without waiting to fill a segment', async () => {
    const { server } = await bench.pair();
    const noDelay = jest.spyOn(server, 'setNoDelay');
    const keepAlive = jest.spyOn(server, 'setKeepAlive');
    new SocketDuplex(server, false);
    expect(noDelay).toHaveBeenCalledWith(true);
    expect(keepAlive).toHaveBeenCalledWith(true, 30_000);
  });

  it('is not writable while the peer does not read, counts what waits, and says when it is again', async () => {
    const { client, server } = await bench.pair();
    client.pause();
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    expect(near.duplex.writable).toBe(true);
    near.duplex.write(new Uint8Array(PLENTY));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(near.duplex.writable).toBe(false);
    expect(near.duplex.pendingBytes).toBeGreaterThan(0);
    client.resume();
    await near.drained();
    expect([near.duplex.writable, near.duplex.pendingBytes]).toEqual([true, 0]);
  });

  it('takes nothing while it is paused', async () => {
    const { client, server } = await bench.pair();
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    near.duplex.pause();
    await new Promise((resolve) => client.write(Uint8Array.of(1), resolve));
    // What has left the client is there at once; only nobody asks for it, turn after turn.
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(near.bytes).toEqual([]);
    near.duplex.resume();
    await near.received(1);
  });

  it('shows within the turn that the peer does not take what is written', async () => {
    const { client, server } = await bench.pair();
    client.pause();
    const duplex = new SocketDuplex(server, false);
    const small = new Uint8Array(1024);
    for (let written = 0; duplex.writable && written < PLENTY; written += small.length) duplex.write(small);
    expect(duplex.writable).toBe(false);
    expect(duplex.pendingBytes).toBeLessThanOrEqual(2 * server.writableHighWaterMark);
  });

  it('gives way to others when the peer writes without end, and reads on in the next turn', async () => {
    const { client, server } = await bench.pair();
    const duplex = new SocketDuplex(server, false);
    let thisTurn = 0;
    let mostInATurn = 0;
    let read = 0;
    const all = new Promise<void>((resolve) => {
      const data = (chunk: Uint8Array): void => {
        if (thisTurn === 0) setImmediate(() => (thisTurn = 0));
        thisTurn += chunk.length;
        mostInATurn = Math.max(mostInATurn, thisTurn);
        read += chunk.length;
        if (read === PLENTY) resolve();
      };
      duplex.attach({ data, drained: () => {}, closed: () => {} });
    });
    client.write(new Uint8Array(PLENTY));
    await all;
    expect(mostInATurn).toBeLessThanOrEqual(3 * 65_536);
  });

  it('does not read on in the next turn when its owner has paused it meanwhile', async () => {
    const { client, server } = await bench.pair();
    const duplex = new SocketDuplex(server, false);
    let read = 0;
    const paused = new Promise<void>((resolve) => {
      const data = (chunk: Uint8Array): void => {
        read += chunk.length;
        if (chunk.length < 65_536) return;
        duplex.pause();
        resolve();
      };
      duplex.attach({ data, drained: () => {}, closed: () => {} });
    });
    client.write(new Uint8Array(PLENTY));
    await paused;
    const before = read;
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(read).toBe(before);
  });

  it('ends when the peer has finished, though it never took what was written to it', async () => {
    const { client, server } = await bench.pair(dialDeaf);
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    near.duplex.write(new Uint8Array(PLENTY));
    await new Promise(setImmediate);
    client.end();
    expect(await near.closed).toBe('peer_closed');
    expect(near.endings).toHaveLength(1);
  });

  it('ends when the peer has finished, though the peer would still read', async () => {
    const { client, server } = await bench.pair();
    client.resume();
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    client.end(Uint8Array.of(1));
    expect(await near.closed).toBe('peer_closed');
    expect(near.bytes).toEqual([1]);
    expect(server.destroyed).toBe(true);
  });

  it('ends once with an error when the peer resets it in the middle of a frame', async () => {
    const { client, server } = await bench.pair(dialDeaf);
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    near.duplex.write(Uint8Array.of(1));
    client.write(Uint8Array.of(0x73, 0, 0, 0, 0x1f, 0x37));
    await near.received(6);
    client.destroy();
    expect(await near.closed).toBe('socket_error');
    await new Promise(setImmediate);
    expect(near.endings).toEqual(['socket_error']);
  });

  it('ends for the reason it is closed for, and what was not sent yet is lost', async () => {
    const { client, server } = await bench.pair();
    const far = new RecordingDuplex(new SocketDuplex(client, false));
    const near = new RecordingDuplex(new SocketDuplex(server, false));
    near.duplex.write(Uint8Array.of(1));
    near.duplex.close('superseded');
    near.duplex.close('shutdown');
    near.duplex.write(Uint8Array.of(2));
    expect(await near.closed).toBe('superseded');
    expect(await far.closed).toBe('peer_closed');
    expect([far.bytes, near.endings]).toEqual([[], ['superseded']]);
  });

  it('tells an owner that comes too late, once', async () => {
    const { server } = await bench.pair();
    const duplex = new SocketDuplex(server, false);
    server.destroy();
    const soon = new RecordingDuplex(duplex);
    await closing(server);
    expect(soon.endings).toEqual(['peer_closed']);
    expect(new RecordingDuplex(duplex).endings).toEqual(['peer_closed']);
  });
});
