import { systemClock, type Clock } from '../../src/kernel/clock';
import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import { Listener } from '../../src/link/listener';
import { cyncFraming } from '../../src/toggler/cync-framing';
import { decodeTestFrame } from '../../src/toggler/test-frame';
import { testFraming } from '../../src/toggler/test-framing';
import type { AttemptOutcome } from '../../src/toggler/toggle-fact';
import { runToggle, type ToggleRunParts } from '../../src/toggler/toggle-run';
import { until } from '../support/application';
import { BENCH_DEVICE_ID, DeviceBench, type BenchOptions } from '../support/device-bench';
import { ask } from '../support/http';
import { MockTcpServer } from '../support/mock-tcp-server';
import { deadPort } from '../support/socket-bench';

type Line = Readonly<Record<string, unknown>>;

/** A run of the toggler against a port of this machine, and what it has logged. */
class Run {
  readonly lines: Line[] = [];
  readonly outcome: Promise<AttemptOutcome>;
  metricsPort = 0;
  stop: () => void = () => {};

  constructor(port: number, clock: Clock, overrides: Partial<ToggleRunParts> = {}) {
    this.outcome = runToggle({
      address: { host: '127.0.0.1', port, tls: false },
      wish: { deviceId: 'lamp-1', on: true },
      framing: testFraming,
      maxAttempts: 2,
      logLevel: 'DEBUG',
      metricsPort: 0,
      lingerMs: 0,
      clock,
      random: seededRandom(1),
      write: (text) => this.lines.push(JSON.parse(text) as Line),
      stopped: new Promise((resolve) => (this.stop = resolve)),
      onMetricsPort: (metricsPort) => (this.metricsPort = metricsPort),
      ...overrides,
    });
  }

  of(event: string): Line[] {
    return this.lines.filter((line) => line.event === event);
  }

  async logged(event: string, count = 1): Promise<void> {
    await until(() => this.of(event).length >= count);
  }

  async scrape(): Promise<string> {
    const { body } = await ask(`http://127.0.0.1:${this.metricsPort}`, { path: '/metrics' });
    return String(body);
  }
}

describe('the toggler and the mock server', () => {
  let server: MockTcpServer | undefined;
  const clock = new ManualClock();
  const open = async (...args: Parameters<typeof MockTcpServer.open>): Promise<MockTcpServer> =>
    (server = await MockTcpServer.open(...args));

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('happy path: toggles in one attempt', async () => {
    const run = new Run((await open(['SUCCESS'])).port, clock);
    expect(await run.outcome).toEqual({ kind: 'applied' });
    expect(server?.accepted).toBe(1);
    expect(run.of('toggle')).toEqual([expect.objectContaining({ outcome: 'applied', attempts: 1 })]);
  });

  it('waits for an answer that is late', async () => {
    const run = new Run((await open(['DELAY'])).port, clock);
    expect(await run.outcome).toEqual({ kind: 'applied' });
  });

  it('format: sends one test frame with device, state and a message id of 16 hex digits', async () => {
    const wish = { deviceId: 'lamp-2', on: false };
    await new Run((await open(['SUCCESS'])).port, clock, { wish }).outcome;
    const [request] = server?.requests ?? [];
    expect(request?.subarray(0, 3).toString('hex')).toBe('f00d01');
    expect(decodeTestFrame(request ?? Buffer.alloc(0))).toEqual({
      opcode: 'toggle',
      device_id: 'lamp-2',
      msg_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      state: false,
    });
  });

  it('tries again when it could not connect, after a pause', async () => {
    const port = await deadPort();
    const run = new Run(port, clock);
    await run.logged('retry');
    const [retry] = run.of('retry');
    expect(retry).toMatchObject({ attempt: 2, reason: 'connection_failed' });
    expect(retry?.delay_ms).toBeGreaterThanOrEqual(250);
    expect(retry?.delay_ms).toBeLessThan(350);
    await open(['SUCCESS'], { port });
    await clock.advanceAsync(350);
    expect(await run.outcome).toEqual({ kind: 'applied' });
    expect(server?.accepted).toBe(1);
  });

  it('tries again when nothing came in time, over a new connection and with a new message id', async () => {
    const run = new Run((await open(['TIMEOUT', 'SUCCESS'])).port, clock);
    await until(() => server?.requests.length === 1);
    await clock.advanceAsync(1500);
    await run.logged('retry');
    await clock.advanceAsync(350);
    expect(await run.outcome).toEqual({ kind: 'applied' });
    expect(server?.accepted).toBe(2);
    const ids = (server?.requests ?? []).map((request) => (decodeTestFrame(request) as Line).msg_id);
    expect(new Set(ids).size).toBe(2);
  });

  it('gives up when all attempts time out', async () => {
    const run = new Run((await open(['TIMEOUT'])).port, clock);
    for (const count of [1, 2]) {
      await until(() => server?.requests.length === count);
      await clock.advanceAsync(1500);
      if (count === 1) await run.logged('retry');
      await clock.advanceAsync(350);
    }
    expect(await run.outcome).toMatchObject({ kind: 'timeout' });
    expect(server?.accepted).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('refused: gives up when nobody listens', async () => {
    const run = new Run(await deadPort(), clock);
    await run.logged('retry');
    await clock.advanceAsync(350);
    expect(await run.outcome).toMatchObject({
      kind: 'connection_failed',
      why: expect.stringContaining('ECONNREFUSED'),
    });
    expect(run.of('attempt_failed')).toHaveLength(2);
  });

  it.each(['DISCONNECT', 'REJECT'] as const)(
    'closed during receive: %s is a failed attempt and no crash',
    async (mode) => {
      const run = new Run((await open([mode, 'SUCCESS'])).port, clock);
      await run.logged('retry');
      await clock.advanceAsync(350);
      expect(await run.outcome).toEqual({ kind: 'applied' });
      expect(run.of('attempt_failed')).toEqual([expect.objectContaining({ outcome: 'timeout' })]);
    },
  );

  it('metrics endpoint: counts what was sent, received and tried again', async () => {
    const run = new Run((await open(['DISCONNECT', 'SUCCESS'])).port, clock, { lingerMs: 60_000 });
    await run.logged('retry');
    await clock.advanceAsync(350);
    await run.logged('toggle');
    const text = await run.scrape();
    run.stop();
    await run.outcome;
    for (const sample of [
      'tcp_comm_packet_sent_total{device_id="lamp-1",outcome="success"} 2',
      'tcp_comm_packet_sent_total{device_id="lamp-1",outcome="error"} 0',
      'tcp_comm_packet_recv_total{device_id="lamp-1",outcome="success"} 1',
      'tcp_comm_packet_recv_total{device_id="lamp-1",outcome="timeout"} 1',
      'tcp_comm_packet_retransmit_total{device_id="lamp-1",reason="timeout"} 1',
      'tcp_comm_packet_latency_seconds_count{device_id="lamp-1"} 1',
    ])
      expect(text).toContain(sample);
  });

  it('toggles without metrics when their port is taken', async () => {
    const other = await open(['SUCCESS']);
    const run = new Run(other.port, clock, { metricsPort: other.port });
    expect(await run.outcome).toEqual({ kind: 'applied' });
    expect(run.of('metrics_unavailable')).toHaveLength(1);
  });

  it('logs each packet with the programme’s fields, and nothing below its level', async () => {
    const { port } = await open(['SUCCESS']);
    const run = new Run(port, clock);
    await run.outcome;
    const packets = run.of('tcp_packet');
    expect(packets.map(({ direction, outcome }) => [direction, outcome])).toEqual([
      ['send', 'success'],
      ['recv', 'success'],
    ]);
    expect(packets[0]).toEqual({
      ts: expect.stringMatching(/Z$/),
      level: 'INFO',
      module: 'toggler',
      line: 1,
      message: 'packet send',
      event: 'tcp_packet',
      direction: 'send',
      msg_id: expect.any(String),
      device_id: 'lamp-1',
      raw_packet_hex: server?.requests[0]?.toString('hex'),
      elapsed_ms: 0,
      outcome: 'success',
    });
    const quiet = new Run(port, clock, { logLevel: 'WARNING' });
    await quiet.outcome;
    expect(quiet.lines).toEqual([]);
  });
});

describe('the toggler and a device that speaks the captured protocol', () => {
  let listener: Listener;
  let bench: DeviceBench;
  const clock = new ManualClock();

  /** A simulated device that is dialled, instead of dialling in. */
  async function listen(options: BenchOptions = {}): Promise<void> {
    bench = new DeviceBench({
      ...options,
      overrides: {
        clock: systemClock,
        drawDelays: () => ({ receiptMs: 0, replyMs: 0, statusMs: 0 }),
        ...options.overrides,
      },
    });
    listener = new Listener({
      settings: { host: '127.0.0.1', port: 0, backlog: 8, maxSockets: 8, tlsHandshakeTimeoutMs: 1000 },
      observe: () => {},
      onDuplex: (duplex) => bench.device.attach(duplex),
    });
    await listener.listen();
  }

  const run = (overrides: Partial<ToggleRunParts> = {}): Run =>
    new Run(listener.port, clock, {
      framing: cyncFraming,
      wish: { deviceId: BENCH_DEVICE_ID.toString(16), on: true },
      ...overrides,
    });

  afterEach(async () => {
    bench.device.dropConnection();
    await listener.close();
  });

  it('logs in the device, announces itself, and switches the device’s own node', async () => {
    await listen();
    const toggling = run();
    expect(await toggling.outcome).toEqual({ kind: 'applied' });
    expect(bench.device.record.totals).toMatchObject({ received: 1, executed: 1 });
    const types = toggling.of('tcp_packet').map(({ raw_packet_hex: hex }) => String(hex).slice(0, 2));
    expect(types.slice(0, 4)).toEqual(['23', '28', 'a3', 'ab']);
    expect(types).toContain('88');
    expect(clock.pendingTimers).toBe(0);
  });

  it('never logs the secret of the device', async () => {
    await listen();
    const toggling = run();
    await toggling.outcome;
    const text = JSON.stringify(toggling.lines);
    expect(text).not.toContain(Buffer.from('1e07000000000001').toString('hex'));
    expect(text).toContain('********');
  });

  it('switches another node of the mesh', async () => {
    await listen({ nodes: [5, 9] });
    expect(
      await run({ wish: { deviceId: BENCH_DEVICE_ID.toString(16), on: true, node: 9 } }).outcome,
    ).toEqual({ kind: 'applied' });
  });

  it('does not switch another device, and does not try again', async () => {
    await listen();
    const toggling = run({ wish: { deviceId: '00000001', on: true } });
    expect(await toggling.outcome).toMatchObject({
      kind: 'rejected',
      why: 'it is device 37962469 that answers',
    });
    expect(toggling.of('retry')).toEqual([]);
    expect(bench.device.record.totals.received).toBe(0);
  });

  it('times out, and tries again, when a node never replies', async () => {
    await listen();
    const toggling = run({ wish: { deviceId: BENCH_DEVICE_ID.toString(16), on: true, node: 200 } });
    for (const count of [1, 2]) {
      await until(() => bench.device.record.totals.received === count);
      // The receipt restarts the wait; it has come when the log has it.
      await until(() => receipts(toggling) === count);
      await clock.advanceAsync(1500);
      if (count === 1) await toggling.logged('retry');
      await clock.advanceAsync(350);
    }
    expect(await toggling.outcome).toEqual({ kind: 'timeout', why: 'the reply did not come within 1500 ms' });
  });

  function receipts(toggling: Run): number {
    return toggling.of('tcp_packet').filter(({ raw_packet_hex: hex }) => String(hex).startsWith('7b')).length;
  }
});
