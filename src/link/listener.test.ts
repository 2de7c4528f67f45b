import { once } from 'node:events';
import { LinkBench } from '../../test/support/link-bench';
import { encodePacket } from '../protocol/codec';
import { announceAnswer, DEVICE_ID, handshakeOf } from '../../test/support/memory-device';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { Arrivals, RecordingDuplex } from '../../test/support/recording-duplex';
import { closing, dial, dialDeaf } from '../../test/support/socket-bench';
import { Listener, type ListenerSettings } from './listener';
import { SocketDuplex } from './socket-duplex';

const SETTINGS: ListenerSettings = {
  host: '127.0.0.1',
  port: 0,
  backlog: 16,
  maxSockets: 16,
  tlsHandshakeTimeoutMs: 1_000,
};

describe('a plain port', () => {
  const open: Listener[] = [];
  let arrivals: Arrivals;

  beforeEach(() => {
    arrivals = new Arrivals();
  });

  afterEach(() => Promise.all(open.splice(0).map((listener) => listener.close())));

  async function listen(settings: Partial<ListenerSettings> = {}): Promise<Listener> {
    const { observe } = new RecordedFacts();
    const listener = new Listener({
      settings: { ...SETTINGS, ...settings },
      observe,
      onDuplex: arrivals.take,
    });
    await listener.listen();
    open.push(listener);
    return listener;
  }

  it('hands over each connection as a duplex', async () => {
    const listener = await listen();
    const client = dial(listener.port);
    const near = await arrivals.next();
    const far = new RecordingDuplex(new SocketDuplex(client, false));
    near.duplex.write(Uint8Array.of(7));
    far.duplex.write(Uint8Array.of(8));
    await Promise.all([far.received(1), near.received(1)]);
    expect([near.duplex.encrypted, far.bytes, near.bytes]).toEqual([false, [7], [8]]);
  });

  it('sends away whom it may not take now, and counts it', async () => {
    const facts = new RecordedFacts();
    const allowed = [true, false, true];
    const listener = new Listener({
      settings: SETTINGS,
      observe: facts.observe,
      onDuplex: arrivals.take,
      admit: () => allowed.shift() ?? false,
    });
    await listener.listen();
    open.push(listener);
    const clients = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const client = dial(listener.port);
      clients.push(client);
      await once(client, turn === 1 ? 'close' : 'connect');
    }
    await Promise.all([arrivals.next(), arrivals.next()]);
    expect(facts.of('connection_refused')).toEqual([{ kind: 'connection_refused', reason: 'rate' }]);
  });

  it('that is busy is refused in one line that names it', async () => {
    const { port } = await listen();
    const second = new Listener({ settings: { ...SETTINGS, port }, observe: () => {}, onDuplex: () => {} });
    await expect(second.listen()).rejects.toMatchObject({
      code: 'address.in_use',
      message: `port ${port} on 127.0.0.1 is in use by another process`,
    });
    await second.close();
  });

  it('of an address that is not ours is refused in one line too', async () => {
    const foreign = new Listener({
      settings: { ...SETTINGS, host: '192.0.2.1' },
      observe: () => {},
      onDuplex: () => {},
    });
    await expect(foreign.listen()).rejects.toMatchObject({
      code: 'address.unavailable',
      message: expect.stringMatching(/^cannot listen on 192\.0\.2\.1:0: [^\n]+$/) as string,
    });
    await foreign.close();
  });

  it('leaves no socket when it is closed, and the port is free again', async () => {
    const listener = await listen();
    const { port } = listener;
    const client = dial(port);
    client.resume();
    const near = await arrivals.next();
    const ended = closing(client);
    await listener.close();
    await ended;
    await near.closed;
    expect(near.endings).toHaveLength(1);
    await listen({ port });
  });

  it('closes one socket more than allowed, and takes one again when another has left', async () => {
    const listener = await listen({ maxSockets: 1 });
    const first = dial(listener.port);
    const near = await arrivals.next();
    const surplus = dial(listener.port);
    surplus.resume();
    await closing(surplus);
    expect(arrivals.left).toBe(0);
    first.destroy();
    await near.closed;
    dial(listener.port);
    await arrivals.next();
  });

  it('survives a reset of a connection that nobody listens to', async () => {
    const greeted: (() => void)[] = [];
    const listener = new Listener({
      settings: SETTINGS,
      observe: () => {},
      onDuplex: (duplex) => {
        duplex.write(Uint8Array.of(1));
        greeted.pop()?.();
      },
    });
    open.push(listener);
    await listener.listen();
    const client = dialDeaf(listener.port);
    await new Promise<void>((resolve) => greeted.push(resolve));
    await new Promise(setImmediate);
    client.destroy();
    await closing(client);
    const [greeting] = (await once(dial(listener.port), 'data')) as [Uint8Array];
    expect([...greeting]).toEqual([1]);
  });

  it('serves a device from its handshake to a reset in the middle of a frame', async () => {
    const bench = new LinkBench();
    const listener = new Listener({
      settings: SETTINGS,
      observe: bench.facts.observe,
      onDuplex: (duplex) => bench.registry.accept(duplex),
    });
    open.push(listener);
    await listener.listen();
    const ready = new Promise<void>((resolve) => bench.registry.subscribe({ ready: () => resolve() }));
    const ended = new Promise<void>((resolve) => bench.registry.subscribe({ ended: () => resolve() }));
    const client = dialDeaf(listener.port);
    for (const packet of [handshakeOf(), announceAnswer(1)]) client.write(encodePacket(packet));
    client.write(encodePacket(handshakeOf()).subarray(0, 9));
    await ready;
    // The answers to the handshake are with the client's kernel by then, unread.
    await new Promise(setImmediate);
    client.destroy();
    await ended;
    expect(bench.facts.endReasons()).toEqual(['socket_error']);
    expect(bench.registry.record(DEVICE_ID)?.connections).toBe(1);
    expect(bench.registry.connections).toBe(0);
  });
});
