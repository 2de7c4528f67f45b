import { LinkBench } from '../../test/support/link-bench';
import { DEVICE, DEVICE_ID } from '../../test/support/memory-device';
import type { Link } from './link';

const OTHER_AUTH = '1e07ffffffffffff';

describe('two connections of one device', () => {
  it('leave the newest, when both show the same credential', async () => {
    const bench = new LinkBench();
    const older = await bench.ready();
    const newer = await bench.ready();
    expect(older.ending).toBe('peer_closed');
    expect(newer.ending).toBeUndefined();
    expect(bench.link().connection).toBe(2);
    expect(bench.registry.connections).toBe(1);
  });

  it('end the older as superseded, before the newer is ready', async () => {
    const bench = new LinkBench();
    await bench.ready();
    await bench.identified();
    expect(bench.facts.endReasons()).toEqual(['superseded']);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(false);
  });

  it('leave the first, when the second shows another credential', async () => {
    const bench = new LinkBench();
    const first = await bench.ready();
    const impostor = await bench.identified(DEVICE, OTHER_AUTH);
    expect(impostor.received).toEqual([]);
    expect(impostor.ending).toBe('peer_closed');
    expect(bench.facts.endReasons()).toEqual(['credential_mismatch']);
    expect(bench.facts.of('handshake')).toEqual([
      { kind: 'handshake', deviceId: DEVICE_ID, outcome: 'refused' },
    ]);
    first.send({ kind: 'heartbeat' });
    await bench.settle();
    expect(first.kinds()).toEqual(['heartbeat_answer']);
    expect(bench.link().connection).toBe(1);
  });

  it('do not end each other late: the end of the older leaves the newer connected', async () => {
    const bench = new LinkBench();
    const older = await bench.ready();
    await bench.ready();
    older.close();
    await bench.settle();
    expect(bench.link().connection).toBe(2);
  });
});

describe('a forgotten credential', () => {
  it('ends the connection that used it, and lets the next one in', async () => {
    const bench = new LinkBench();
    await bench.ready();
    const who = { by: 'ops', reason: 'replaced' };
    expect(bench.registry.forgetCredential('00000001', who)).toBe(false);
    expect(bench.facts.all).toEqual([]);
    expect(bench.registry.forgetCredential(DEVICE_ID, who)).toBe(true);
    expect(bench.facts.of('credential_forgotten')).toEqual([
      { kind: 'credential_forgotten', deviceId: DEVICE_ID, ...who },
    ]);
    expect(bench.facts.endReasons()).toEqual(['forgotten']);
    await bench.ready(DEVICE, OTHER_AUTH);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(true);
    await bench.identified();
    expect(bench.facts.endReasons()).toEqual(['credential_mismatch']);
  });
});

describe('the bounds of the registry', () => {
  it('refuse a device that the credentials have no room for', async () => {
    const bench = new LinkBench({ credentialLimit: 1 });
    await bench.ready();
    await bench.identified(2);
    expect(bench.facts.endReasons()).toEqual(['credential_store_full']);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(true);
  });

  it('close one connection more than allowed at once, and take one again when another ended', async () => {
    const bench = new LinkBench({ settings: { maxConnections: 2 } });
    const first = await bench.ready(1);
    await bench.ready(2);
    const third = bench.dial();
    await bench.settle();
    expect(third.ending).toBe('peer_closed');
    expect(bench.facts.endReasons()).toEqual(['too_many_connections']);
    first.close();
    await bench.settle();
    await bench.ready(3);
    expect(bench.registry.connectedIds('', 9)).toEqual(['00000002', '00000003']);
  });

  it('close one unidentified connection more than allowed, and do not count those that said who they are', async () => {
    const bench = new LinkBench({ settings: { maxUnidentified: 1 } });
    await bench.ready(1);
    await bench.ready(2);
    const waiting = bench.dial();
    const surplus = bench.dial();
    await bench.settle();
    expect([waiting.ending, surplus.ending]).toEqual([undefined, 'peer_closed']);
    expect(bench.facts.endReasons()).toEqual(['too_many_connections']);
  });

  it('forget the device first seen of those away, never one that is connected', async () => {
    const bench = new LinkBench({ settings: { maxDevices: 3 } });
    await bench.ready(1);
    for (const id of [2, 3]) {
      (await bench.ready(id)).close();
      await bench.settle();
    }
    await bench.ready(4);
    await bench.ready(5);
    const known = [1, 2, 3, 4, 5].map((id) => bench.registry.record(`0000000${id}`) !== undefined);
    expect(known).toEqual([true, false, false, true, true]);
  });

  it('do not push out anybody for a device that is known already', async () => {
    const bench = new LinkBench({ settings: { maxDevices: 2 } });
    for (const id of [1, 2, 2]) {
      (await bench.ready(id)).close();
      await bench.settle();
    }
    expect(bench.registry.record('00000001')?.connections).toBe(1);
    expect(bench.registry.record('00000002')?.connections).toBe(2);
  });
});

describe('the registry', () => {
  it('reports each connection that is opened, before anything is said on it', () => {
    const bench = new LinkBench();
    bench.dial();
    expect(bench.facts.all).toEqual([{ kind: 'link_opened', remote: 'memory:2', encrypted: false }]);
  });

  it('lists connected devices in order, a page at a time', async () => {
    const bench = new LinkBench();
    for (const id of [0x30, 0x10, 0x20, 0x0a]) await bench.ready(id);
    await bench.identified(0x15);
    expect(bench.registry.connectedIds('', 2)).toEqual(['0000000a', '00000010']);
    expect(bench.registry.connectedIds('00000010', 9)).toEqual(['00000020', '00000030']);
    expect([bench.registry.connectedDevices, bench.registry.connections]).toEqual([4, 5]);
  });

  it('tells listeners of links that become ready and end, and not of strangers', async () => {
    const bench = new LinkBench();
    const told: string[] = [];
    const tell =
      (what: string) =>
      (link: Link): void => {
        told.push(`${what} ${link.deviceId} ${link.connection} ${bench.registry.isConnected(link.deviceId)}`);
      };
    bench.registry.subscribe({ ready: tell('ready'), ended: tell('ended') });
    const stranger = bench.dial();
    stranger.close();
    await bench.settle();
    const device = await bench.ready();
    device.close();
    await bench.settle();
    expect(told).toEqual([`ready ${DEVICE_ID} 2 true`, `ended ${DEVICE_ID} 2 false`]);
  });

  it('ends everything when it closes, takes nobody after that, and leaves no timer', async () => {
    const bench = new LinkBench();
    await bench.ready(1);
    await bench.identified(2);
    bench.dial();
    bench.registry.close();
    const late = bench.dial();
    await bench.settle();
    expect(bench.facts.endReasons()).toEqual(['shutdown', 'shutdown', 'shutdown', 'shutdown']);
    expect(late.ending).toBe('peer_closed');
    expect([bench.registry.connections, bench.registry.connectedDevices, bench.clock.pendingTimers]).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('a link', () => {
  it('is written to by one transport at a time', async () => {
    const bench = new LinkBench();
    await bench.ready();
    const exchange = bench.link().openExchange('legacy', []);
    expect(() => bench.link().openExchange('new', [])).toThrow('new may not write while legacy');
    exchange.release();
    expect(() => bench.link().openExchange('new', [])).not.toThrow();
  });

  it('that ends tells every open exchange, when it is no longer the link of its device', async () => {
    const bench = new LinkBench();
    await bench.ready();
    const told: unknown[] = [];
    bench
      .link()
      .openExchange('new', [
        { ended: (reason) => told.push([reason, bench.registry.isConnected(DEVICE_ID)]) },
      ]);
    await bench.identified();
    expect(told).toEqual([['superseded', false]]);
  });

  it('counts an answer that nobody waits for', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send({ kind: 'receipt', deviceId: DEVICE, messageId: 77, flag: 0 });
    device.sendBytes('73000000132de4b5d20002007e21000000f9d0010000d17e');
    await bench.settle();
    // A notification in a 0x73 answers nothing.
    const inner = { sequence: 1, direction: 0xfa, opcode: 0x8e, data: Uint8Array.of(0) };
    device.send({ kind: 'data', deviceId: DEVICE, messageId: 3, flag: 0, inner });
    await bench.settle();
    expect(bench.facts.of('answer').map(({ answer, outcome }) => [answer, outcome])).toEqual([
      ['receipt', 'orphaned'],
      ['reply', 'orphaned'],
    ]);
  });
});

describe('a device that connects again and again', () => {
  it('is sent away until the minute is over, and the others are not', async () => {
    const bench = new LinkBench({ settings: { maxConnectsPerMinute: 3 } });
    for (let turn = 0; turn < 3; turn += 1) await bench.identified();
    const fourth = await bench.identified();
    expect(fourth.kinds()).toEqual([]);
    expect(bench.facts.of('link_ended').at(-1)).toMatchObject({ reason: 'flapping' });
    expect((await bench.identified(DEVICE + 1, '1e07000000000002')).kinds()).toContain('handshake_answer');
    await bench.clock.advanceAsync(60_000);
    expect((await bench.identified()).kinds()).toContain('handshake_answer');
  });
});

describe('devices that are let go', () => {
  const ids = [1, 2, 3, 4, 5, 6, 7, 8];

  async function benchOf(count: number): Promise<LinkBench> {
    const bench = new LinkBench();
    for (const id of ids.slice(0, count)) await bench.ready(id);
    return bench;
  }

  it('go one after the other, over the time that there is', async () => {
    const bench = await benchOf(8);
    const gone = bench.registry.letGo(4_000, () => false);
    const left: number[] = [];
    for (let second = 0; second < 4; second += 1) {
      left.push(bench.registry.connections);
      await bench.clock.advanceAsync(1_000);
    }
    await gone;
    expect(left).toEqual([8, 6, 4, 2]);
    expect(bench.facts.endReasons()).toEqual(Array(8).fill('shutdown'));
    expect(bench.facts.of('letting_go')).toEqual([{ kind: 'letting_go', devices: 8, overMs: 4_000 }]);
  });

  it('go when they have nothing to do any more, those without work before them', async () => {
    const bench = await benchOf(4);
    const busy = new Set(['00000001', '00000002']);
    const gone = bench.registry.letGo(1_000, (id) => busy.has(id));
    await bench.clock.advanceAsync(600);
    expect(bench.registry.connectedIds('', 10)).toEqual(['00000001', '00000002']);
    busy.delete('00000001');
    await bench.clock.advanceAsync(400);
    await gone;
    expect(bench.registry.connectedIds('', 10)).toEqual(['00000002']);
    bench.registry.close();
    expect(bench.registry.connections).toBe(0);
  });

  it('are not taken back by the process that lets them go', async () => {
    const bench = await benchOf(2);
    void bench.registry.letGo(1_000, () => false);
    expect((await bench.identified(7)).ending).toBe('peer_closed');
    expect(bench.registry.isConnected('00000007')).toBe(false);
  });
});
