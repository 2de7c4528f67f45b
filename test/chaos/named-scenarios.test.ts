import { formatDeviceId } from '../../src/kernel/device-id';
import type { Action } from '../../src/protocol/actions';
import { CALM } from '../../src/simulator/chaos-settings';
import { DEVICE, handshakeOf } from '../support/memory-device';
import { RecordedFacts } from '../support/recorded-facts';
import { ChaosStack, type ChaosStackOptions } from './chaos-stack';
import { answering, toDevice } from './faults';

const ON: Action = { command: 'power', on: true };
const OFF: Action = { command: 'power', on: false };
const BULB = { mix: { bulb: 1 } };

/** The integration scenarios that the programme names (protocol 6.6), over the whole application. */
describe('a device and the application', () => {
  let stack: ChaosStack;
  let facts: RecordedFacts;

  async function start(options: ChaosStackOptions = {}): Promise<void> {
    facts = new RecordedFacts();
    stack = await ChaosStack.start({ fleet: BULB, ...options, observe: facts.observe });
  }

  afterEach(() => stack.stop());

  it('handshake flow: the device says who it is, is announced to, and takes commands with the right clock', async () => {
    await start();
    const order = facts.all.map(({ kind }) => kind).filter((kind) => /^link_|^handshake$/.test(kind));
    expect(order).toEqual(['link_opened', 'handshake', 'link_ready']);
    expect(facts.of('handshake')).toMatchObject([{ outcome: 'success' }]);
    expect(stack.fleet.status()).toEqual({ size: 1, connected: 1, ready: 1 });
    expect(stack.device().localTimeMs).toBeDefined();
  });

  it('toggle light: on and off again, each applied once', async () => {
    await start();
    expect(await stack.command(ON)).toMatchObject({ outcome: 'applied', transport: 'new', attempts: 1 });
    expect(stack.device().nodes[0]?.on).toBe(true);
    expect(await stack.command(OFF)).toMatchObject({ outcome: 'applied', attempts: 1 });
    expect(stack.device().nodes[0]?.on).toBe(false);
    expect(stack.fleet.executionFaults()).toEqual([]);
  });

  it('status broadcast: a change is reported, acknowledged, and known to the application', async () => {
    await start();
    const device = stack.device();
    const before = device.acknowledged.statuses;
    await stack.command({ command: 'brightness', level: 39 });
    await stack.clock.advanceAsync(1_000);
    expect(device.acknowledged.statuses).toBe(before + 1);
    const own = device.nodes[0]?.node ?? 0;
    expect(stack.registry.record(device.id)?.nodes.get(own)).toMatchObject({ on: true, brightness: 39 });
  });

  it('heartbeat keepalive: an idle connection lives for an hour, and dies of silence', async () => {
    await start();
    await stack.clock.advanceAsync(3_600_000);
    expect(facts.of('link_ready')).toHaveLength(1);
    expect(facts.of('packet').filter(({ type }) => type === 0xd8).length).toBeGreaterThan(160);
    stack.device().chaos.use({ ...CALM, partition: 'from_device' });
    await stack.clock.advanceAsync(65_000);
    expect(facts.endReasons()).toEqual(['silent']);
  });

  it('invalid packet handling: garbage and unknown types are passed over, and what follows is understood', async () => {
    await start();
    const byHand = stack.dialByHand();
    byHand.sendBytes('deadbeef');
    byHand.sendBytes('f30000000201');
    byHand.send(handshakeOf());
    await stack.clock.advanceAsync(0);
    expect(byHand.kinds()).toEqual(['handshake_answer', 'announce']);
    const discarded = facts.of('bytes_discarded').map(({ count }) => count);
    expect(discarded.reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('malformed handshake: nobody is let in, and the connection is closed in time', async () => {
    await start();
    const byHand = stack.dialByHand();
    // The secret is said to be longer than the packet.
    byHand.sendBytes('230000000a03379624690020313233');
    await stack.clock.advanceAsync(9_000);
    expect(facts.of('decode_failed')).toMatchObject([{ type: 0x23, part: 'packet' }]);
    expect(byHand.kinds()).toEqual([]);
    await stack.clock.advanceAsync(2_000);
    expect(byHand.ending).toBe('peer_closed');
    expect(facts.endReasons()).toEqual(['handshake_timeout']);
    expect(stack.registry.record(formatDeviceId(DEVICE))).toBeUndefined();
  });

  it('command during reconnection: it is refused at once, and the next one after it is applied', async () => {
    await start();
    const device = stack.device();
    device.dropConnection();
    await stack.clock.advanceAsync(0);
    expect(await stack.command(ON)).toMatchObject({ outcome: 'not_connected', attempts: 0 });
    await stack.clock.advanceAsync(1_000);
    expect(await stack.command(ON)).toMatchObject({ outcome: 'applied', attempts: 1 });
    expect(device.record.totals.received).toBe(1);
  });

  it.each(['dropConnection', 'powerCycle'] as const)(
    'a command on the wire when the device is gone is known to be in doubt: %s',
    async (end) => {
      await start();
      const device = stack.device();
      device.chaos.use(answering({ lateReplies: { rate: 1, delayMs: 2_000 } }));
      const command = stack.submit(ON);
      await stack.clock.advanceAsync(100);
      device[end]();
      expect(await stack.untilDone(command)).toMatchObject({ outcome: 'connection_lost', attempts: 1 });
      device.chaos.use(CALM);
      await stack.clock.advanceAsync(1_000);
      expect(await stack.command(OFF)).toMatchObject({ outcome: 'applied' });
      expect(stack.fleet.executionFaults()).toEqual([]);
    },
  );

  it('checksum mismatch: reports of an LED strip are counted and believed all the same', async () => {
    await start({ fleet: { mix: { led_strip: 1 }, maxNodes: 4, seed: 4 } });
    const device = stack.device();
    expect(device.nodes.length).toBeGreaterThan(1);
    expect(facts.of('checksum_mismatch').length).toBeGreaterThan(0);
    expect([...(stack.registry.record(device.id)?.nodes.keys() ?? [])].sort()).toEqual(
      device.nodes.map(({ node }) => node).sort(),
    );
    expect(await stack.command(ON)).toMatchObject({ outcome: 'applied' });
  });

  it('escaped frames of an old bulb are read', async () => {
    await start({ fleet: { mix: { old_bulb: 1 } } });
    // Its reports show colour and level: 125 and 126 must be escaped.
    await stack.command({ command: 'color', r: 125, g: 126, b: 1 });
    await stack.clock.advanceAsync(1_000);
    const device = stack.device();
    const own = device.nodes[0]?.node ?? 0;
    const escaped = facts
      .of('packet')
      .filter(({ type, raw }) => type === 0x83 && Buffer.from(raw).includes('7d5d7d5e', 0, 'hex'));
    expect(escaped).toHaveLength(1);
    expect(stack.registry.record(device.id)?.nodes.get(own)).toMatchObject({ rgb: [125, 126, 1] });
    expect(facts.of('decode_failed')).toEqual([]);
  });

  it('command timeout: with every command lost it is transmitted three times and ends as a timeout', async () => {
    await start({ settings: { newTransport: { retries: 2 } } });
    stack.device().chaos.use(toDevice({ types: ['data'], loss: { rate: 1, pattern: [] } }));
    expect(await stack.command(ON)).toMatchObject({ outcome: 'timeout', attempts: 3 });
    expect(stack.device().record.totals.received).toBe(0);
  });
});
