import { BENCH_DEVICE_ID, DeviceBench } from '../../test/support/device-bench';
import type { Fact, LinkEndReason } from '../kernel/facts';
import { seededRandom } from '../kernel/random';
import type { TransportName } from '../kernel/words';
import { Credentials } from '../link/credentials';
import type { ExchangeListener, Link } from '../link/link';
import { MemoryDuplex } from '../link/memory-duplex';
import { SessionRegistry } from '../link/session-registry';
import { actionFrame, type Action } from '../protocol/actions';
import { formatDeviceId } from '../kernel/device-id';

const ID = formatDeviceId(BENCH_DEVICE_ID);
const SETTLE_MS = 1000;
const SILENCE_MS = 63_000;

const SETTINGS = {
  maxConnections: 10,
  maxUnidentified: 10,
  maxDevices: 10,
  maxConnectsPerMinute: 1000,
  maxPacketsPerSecond: 1000,
  sweepMs: 1000,
  handshakeTimeoutMs: 10_000,
  silenceMs: SILENCE_MS,
  announceTimeoutMs: 2000,
  announceAttempts: 3,
  partialPacketMs: 5000,
  sendBufferLimitBytes: 65_536,
  bodyLimitBytes: 4096,
  duplicateLimit: 1000,
  duplicateTtlMs: 300_000,
  timeZone: 'UTC',
};

/** Real sessions of the product at the other end of a simulated device's pipe. */
class RegistryBench extends DeviceBench {
  readonly facts: Fact[] = [];
  readonly registry = new SessionRegistry({
    clock: this.clock,
    random: seededRandom(5),
    observe: (fact) => this.facts.push(fact),
    settings: SETTINGS,
    credentials: new Credentials(new Uint8Array(32), 10),
    routeOf: () => 'new',
  });

  async connect(device = this.device): Promise<void> {
    const [deviceEnd, controllerEnd] = MemoryDuplex.pair();
    this.registry.accept(controllerEnd);
    device.attach(deviceEnd);
    await this.clock.advanceAsync(SETTLE_MS);
  }

  link(): Link {
    const link = this.registry.link(ID);
    if (!link) throw new Error(`${ID} is not ready`);
    return link;
  }

  /** Transmits "power on", as often as told, and returns what came of it, in order. */
  powerOn(transport: TransportName, times = 1): Promise<string[]> {
    return this.command({ command: 'power', on: true }, transport, times);
  }

  async command(action: Action, transport: TransportName = 'new', times = 1): Promise<string[]> {
    const link = this.link();
    const events: string[] = [];
    const listener: ExchangeListener = {
      receipt: () => events.push('receipt'),
      reply: (status) => events.push(`reply ${status}`),
      ended: (reason) => events.push(`ended ${reason}`),
    };
    const exchange = link.openExchange(transport, [listener]);
    const messageId = transport === 'legacy' ? 0 : link.nextMessageId();
    const node = link.ownNode ?? 0;
    const frame = actionFrame(action, node, link.nextSequence());
    const request = { messageId, frame };
    for (let count = 0; count < times; count += 1) exchange.transmit(request);
    await this.clock.advanceAsync(SETTLE_MS);
    exchange.close();
    return events;
  }

  endings(): LinkEndReason[] {
    return this.facts.flatMap((fact) => (fact.kind === 'link_ended' ? [fact.reason] : []));
  }
}

describe('a simulated device and the real session', () => {
  test('go through handshake and announce until the link is ready and knows the nodes', async () => {
    const bench = new RegistryBench({ nodes: [5, 8, 9] });
    await bench.connect();
    expect(bench.registry.connectedIds('', 10)).toEqual([ID]);
    expect(bench.link().ownNode).toBe(5);
    expect([...(bench.registry.record(ID)?.nodes.keys() ?? [])].sort()).toEqual([5, 8, 9]);
    await bench.clock.advanceAsync(2000);
    expect(bench.registry.record(ID)?.firmware).toEqual({ network: '0', device: '1.0.361' });
    expect(bench.facts.filter(({ kind }) => kind === 'decode_failed')).toEqual([]);
    expect(bench.facts.filter(({ kind }) => kind === 'bytes_discarded')).toEqual([]);
  });

  test('give the device the time of day and answer each of its reports', async () => {
    const bench = new RegistryBench({ nodes: [5, 8, 9] });
    await bench.connect();
    await bench.clock.advanceAsync(10_000);
    const { clock, device } = bench;
    expect(device.localTimeMs).toBe(clock.wallNow() - (clock.wallNow() % 1000) + (clock.now() % 1000) - 500);
    // Two firmware reports and three nodes; counters, the list of nodes and telemetry.
    expect(device.acknowledged).toEqual({ statuses: 5, datapoints: 3 });
  });

  test.each(['new', 'legacy'] as const)('carry a command of the %s transport', async (transport) => {
    const bench = new RegistryBench();
    await bench.connect();
    expect(await bench.powerOn(transport)).toEqual(['receipt', 'reply 0']);
    expect(bench.device.record.totals.writtenBy[transport]).toBe(1);
    expect(bench.registry.record(ID)?.nodes.get(5)?.on).toBe(true);
  });

  test('carry a transmission repeated with the same numbers, executed once', async () => {
    const bench = new RegistryBench();
    await bench.connect();
    await bench.powerOn('new', 3);
    expect(bench.device.record.totals).toMatchObject({ received: 3, executed: 1, repeats: 2 });
    expect([...bench.device.record.executions().values()]).toEqual([1]);
  });

  test('never number two commands alike, though a setting uses the number above its own', async () => {
    const bench = new RegistryBench();
    await bench.connect();
    await bench.command({ command: 'mode', mode: 'smart' });
    await bench.powerOn('new');
    await bench.command({ command: 'mode', mode: 'traditional' });
    expect(bench.device.record.totals).toMatchObject({ received: 3, executed: 3, repeats: 0 });
    expect(bench.device.nodes[0]).toMatchObject({ on: true, mode: 'traditional' });
  });

  test('keep an idle connection alive by heartbeats far beyond the silence limit', async () => {
    const bench = new RegistryBench();
    await bench.connect();
    const { connection } = bench.link();
    await bench.clock.advanceAsync(20 * SILENCE_MS);
    expect(bench.link().connection).toBe(connection);
    expect(bench.endings()).toEqual([]);
  });

  test('let a second connection of the device take over from one left half open', async () => {
    const bench = new RegistryBench();
    await bench.connect();
    const { connection } = bench.link();
    const reborn = new DeviceBench({ overrides: { clock: bench.clock } }).device;
    await bench.connect(reborn);
    expect(bench.endings()).toEqual(['superseded']);
    expect(bench.link().connection).toBeGreaterThan(connection);
    expect([bench.device.isConnected, reborn.isReady]).toEqual([false, true]);
    expect(await bench.powerOn('new')).toEqual(['receipt', 'reply 0']);
    expect(reborn.record.totals.executed).toBe(1);
  });

  test('end a command in flight when the device loses power, and go on after it is back', async () => {
    const bench = new RegistryBench({
      overrides: { drawDelays: () => ({ receiptMs: 100, replyMs: 200, statusMs: 1 }) },
    });
    await bench.connect();
    const waiting = bench.powerOn('new');
    bench.device.powerCycle();
    expect(await waiting).toEqual(['ended peer_closed']);
    await bench.connect();
    expect(await bench.powerOn('new')).toEqual(['receipt', 'reply 0']);
  });

  test('leave no timer behind once both have ended', async () => {
    const bench = new RegistryBench();
    await bench.connect();
    bench.registry.close();
    await bench.clock.advanceAsync(0);
    expect(bench.device.isConnected).toBe(false);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});
