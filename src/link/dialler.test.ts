import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arrivals } from '../../test/support/recording-duplex';
import { RecordingClock } from '../../test/support/recording-clock';
import { closing, deadPort, SocketBench } from '../../test/support/socket-bench';
import { ownIdentity } from './certificate';
import { Dialler, type DialAddress } from './dialler';
import { Listener } from './listener';

const TIMEOUT_MS = 5_000;

describe('a dialler', () => {
  let clock: RecordingClock;
  let arrivals: Arrivals;
  let bench: SocketBench;
  let dialler: Dialler;

  beforeEach(async () => {
    clock = new RecordingClock();
    arrivals = new Arrivals();
    bench = await SocketBench.open();
  });

  afterEach(async () => {
    dialler.stop();
    await bench.close();
  });

  function dialling(...addresses: readonly Partial<DialAddress>[]): Dialler {
    dialler = new Dialler({
      addresses: addresses.map((address) => ({
        host: '127.0.0.1',
        port: bench.port,
        tls: false,
        ...address,
      })),
      clock,
      random: { next: () => 0 },
      backoff: { baseMs: 100, capMs: 1_000, jitterMs: 0 },
      connectTimeoutMs: TIMEOUT_MS,
      onDuplex: arrivals.take,
    });
    return dialler;
  }

  /** The pauses before redials: what was waited for apart from connections. */
  const pauses = (): number[] => clock.waits.filter((wait) => wait !== TIMEOUT_MS);

  it('hands its connection over and waits for nothing more', async () => {
    dialling({}).start();
    const { duplex } = await arrivals.next();
    expect(duplex.encrypted).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('pauses longer with each attempt that failed in a row, up to the cap', async () => {
    dialling({ port: await deadPort() }).start();
    for (let failures = 1; failures <= 6; failures += 1) {
      await clock.waited(2 * failures);
      clock.advance(1_000);
    }
    expect(pauses()).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('tries its addresses in turn', async () => {
    dialling({ port: await deadPort() }, {}).start();
    await clock.waited(2);
    clock.advance(100);
    const { duplex } = await arrivals.next();
    expect(duplex.remote).toBe(`127.0.0.1:${bench.port}`);
  });

  it('dials again when its connection ended, at the shortest pause, because it had succeeded', async () => {
    dialling({ port: await deadPort() }, {}).start();
    await clock.waited(2);
    clock.advance(100);
    const first = await arrivals.next();
    clock.advance(1_000);
    first.duplex.close('silent');
    await first.closed;
    await clock.waited(4);
    expect(pauses()).toEqual([100, 100]);
  });

  it('pauses longer each time when its connections are ended as soon as they are made', async () => {
    dialling({}).start();
    for (let turn = 1; turn <= 3; turn += 1) {
      const { duplex, closed } = await arrivals.next();
      duplex.close('silent');
      await closed;
      await clock.waited(2 * turn);
      clock.advance(1_000);
    }
    expect(pauses()).toEqual([100, 200, 400]);
  });

  it('gives up a connection that is not made in time', async () => {
    dialling({ tls: true }).start();
    const accepted = await bench.nextAccepted();
    clock.advance(TIMEOUT_MS);
    await clock.waited(2);
    expect(pauses()).toEqual([100]);
    expect(arrivals.left).toBe(0);
    accepted.resume();
  });

  it('speaks TLS where it is told to, to a certificate that nobody vouches for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pointsman-dialler-'));
    const identity = await ownIdentity(folder, Date.UTC(2026, 0, 1));
    await rm(folder, { recursive: true });
    const settings = { host: '127.0.0.1', port: 0, backlog: 1, maxSockets: 1, tlsHandshakeTimeoutMs: 60_000 };
    const served = new Arrivals();
    const listener = new Listener({ settings, identity, observe: () => {}, onDuplex: served.take });
    await listener.listen();
    dialling({ tls: true, port: listener.port }).start();
    const [near, far] = await Promise.all([served.next(), arrivals.next()]);
    near.duplex.write(Uint8Array.of(9));
    await far.received(1);
    expect([far.duplex.encrypted, far.bytes]).toEqual([true, [9]]);
    dialler.stop();
    await listener.close();
  });
});

describe('a dialler that is stopped', () => {
  let clock: RecordingClock;
  let arrivals: Arrivals;
  let bench: SocketBench;

  beforeEach(async () => {
    clock = new RecordingClock();
    arrivals = new Arrivals();
    bench = await SocketBench.open();
  });

  afterEach(() => bench.close());

  function dialling(port: number, tls = false): Dialler {
    return new Dialler({
      addresses: [{ host: '127.0.0.1', port, tls }],
      clock,
      random: { next: () => 0 },
      backoff: { baseMs: 100, capMs: 1_000, jitterMs: 0 },
      connectTimeoutMs: TIMEOUT_MS,
      onDuplex: arrivals.take,
    });
  }

  it('leaves nothing while it connects', async () => {
    const dialler = dialling(bench.port);
    dialler.start();
    dialler.stop();
    await new Promise(setImmediate);
    expect([clock.pendingTimers, clock.waits.length, arrivals.left]).toEqual([0, 1, 0]);
  });

  it('gives up a connection that is half made', async () => {
    const dialler = dialling(bench.port, true);
    const accepting = bench.nextAccepted();
    dialler.start();
    const accepted = await accepting;
    accepted.resume();
    dialler.stop();
    await closing(accepted);
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves nothing while it is connected', async () => {
    const dialler = dialling(bench.port);
    dialler.start();
    const recording = await arrivals.next();
    dialler.stop();
    expect(await recording.closed).toBe('shutdown');
    await new Promise(setImmediate);
    expect([clock.pendingTimers, clock.waits.length]).toEqual([0, 1]);
  });

  it('leaves nothing while it pauses, and never starts again', async () => {
    const dialler = dialling(await deadPort());
    dialler.start();
    await clock.waited(2);
    dialler.stop();
    dialler.start();
    expect([clock.pendingTimers, clock.waits.length]).toEqual([0, 2]);
  });

  it('dials once, however often it is started', async () => {
    const dialler = dialling(bench.port);
    dialler.start();
    dialler.start();
    await arrivals.next();
    expect(clock.waits).toEqual([TIMEOUT_MS]);
    dialler.stop();
  });
});
