import { LinkBench } from '../../test/support/link-bench';
import {
  DEVICE,
  DEVICE_ID,
  announceAnswer,
  handshakeOf,
  ownNodeReport,
} from '../../test/support/memory-device';
import { clockAnswerInstant } from '../protocol/clock-sync';
import { encodePacket } from '../protocol/codec';
import { redactedHex } from '../protocol/redact';
import { fieldsOf } from '../telemetry/log-line';

const AUTH = '1e07a1b2c3d4e5f6';
const STATUS_5 = '83 00000025 37962469 00f3 00 7e01000000fadb130001000005000500db11020101506400000000 00ee7e';

/** A status of a node, made of the captured shape. */
function statusOf(node: number, heard: number, on: number, brightness: number) {
  const data = Uint8Array.of(
    1,
    0,
    0,
    node,
    0,
    node,
    0,
    0xdb,
    0x11,
    2,
    heard,
    on,
    brightness,
    30,
    0,
    0,
    0,
    0,
    0,
  );
  const inner = { sequence: 1, direction: 0xfa, opcode: 0xdb, data };
  return { kind: 'status', deviceId: DEVICE, messageId: 0xf3, flag: 0, inner } as const;
}

describe('a device that dials in', () => {
  it('is answered in this order: handshake, then announce', async () => {
    const bench = new LinkBench();
    const device = await bench.identified();
    expect(device.kinds()).toEqual(['handshake_answer', 'announce']);
    expect(device.all('announce')).toMatchObject([{ deviceId: DEVICE, flag: 0 }]);
    expect(bench.registry.link(DEVICE_ID)).toBeUndefined();
  });

  it('takes commands once it has answered the announce', async () => {
    const bench = new LinkBench();
    await bench.ready();
    expect(bench.link()).toMatchObject({ deviceId: DEVICE_ID, connection: 1, ownNode: 5 });
  });

  it('is not said to have ignored an announce that it answered', async () => {
    const bench = new LinkBench();
    const device = await bench.identified();
    device.send(...device.all('announce').map(({ messageId }) => announceAnswer(messageId)));
    await bench.clock.advanceAsync(10_000);
    expect(bench.facts.of('announce_unanswered')).toEqual([]);
    expect(device.all('announce')).toHaveLength(1);
  });

  it('is served though garbage came before its handshake', async () => {
    const bench = new LinkBench();
    const device = bench.dial();
    device.sendBytes('ffffff');
    device.send(handshakeOf());
    await bench.settle();
    expect(device.kinds()).toEqual(['handshake_answer', 'announce']);
  });

  it('takes commands without having answered three announces, and that is reported', async () => {
    const bench = new LinkBench();
    const device = await bench.identified();
    await bench.clock.advanceAsync(6_000);
    expect(device.all('announce')).toHaveLength(3);
    expect(bench.facts.of('announce_unanswered')).toEqual([
      { kind: 'announce_unanswered', deviceId: DEVICE_ID },
    ]);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(true);
  });

  it('is answered everything that it asks, each answer in the order of the questions', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(
      { kind: 'heartbeat' },
      statusOf(5, 1, 1, 50),
      { ...ownNodeReport(5), reference: 0x0207 },
      { kind: 'clock_request', tag: 0x0c },
      handshakeOf(),
    );
    await bench.settle();
    expect(device.received).toMatchObject([
      { kind: 'heartbeat_answer' },
      { kind: 'status_answer', messageId: 0xf3, flag: 0 },
      { kind: 'datapoints_answer', reference: 0x0207, flag: 0 },
      { kind: 'clock_answer' },
      { kind: 'handshake_answer', result: 0 },
    ]);
  });

  it('is told the real time, in the zone that is set, daylight saving included', async () => {
    const wallMs = Date.UTC(2026, 6, 15, 22, 30, 12);
    const bench = new LinkBench({ startWallMs: wallMs, settings: { timeZone: 'America/St_Johns' } });
    const device = await bench.ready();
    device.send({ kind: 'clock_request', tag: 0x0c });
    await bench.settle();
    const [answer] = device.all('clock_answer');
    expect(answer).toMatchObject({ hour: 20, minute: 0, second: 12, day: 15, dayOfWeek: 4, utcOffset: -230 });
    expect(answer && clockAnswerInstant(answer)).toBe(wallMs);
  });

  it('ends when it says another id later', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(handshakeOf(DEVICE + 1), { kind: 'heartbeat' });
    await bench.settle();
    expect(device.received).toEqual([]);
    expect(bench.facts.endReasons()).toEqual(['identity_changed']);
    expect(device.ending).toBe('peer_closed');
  });

  it('is not looked at any more after its end, in the middle of a read', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes(Buffer.concat([encodePacket(handshakeOf(1)), encodePacket({ kind: 'heartbeat' })]));
    await bench.settle();
    expect(bench.facts.of('packet').map(({ type }) => type)).toEqual([0x23]);
  });

  it('ends when it says nothing for 63 s, whatever it was asked', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    await bench.clock.advanceAsync(60_000);
    device.send({ kind: 'heartbeat' });
    await bench.clock.advanceAsync(62_000);
    expect(bench.facts.endReasons()).toEqual([]);
    await bench.clock.advanceAsync(1_000);
    expect(bench.facts.endReasons()).toEqual(['silent']);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(false);
  });

  it('ends when it never says who it is', async () => {
    const bench = new LinkBench();
    const device = bench.dial();
    device.send({ kind: 'heartbeat' });
    await bench.clock.advanceAsync(10_000);
    expect(device.received).toEqual([]);
    expect(bench.facts.endReasons()).toEqual(['handshake_timeout']);
  });

  it('ends at once when it speaks TLS on a plain port', async () => {
    const bench = new LinkBench();
    bench.dial().sendBytes('1603010200010001fc0303');
    await bench.settle();
    expect(bench.facts.endReasons()).toEqual(['tls_on_plain_port']);
    expect(bench.facts.of('bytes_discarded')).toMatchObject([{ reason: 'tls', count: 11 }]);
  });
});

describe('what a session learns', () => {
  it('stays known while the device is away, and over its reconnect', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(statusOf(9, 1, 1, 42));
    await bench.settle();
    device.close();
    await bench.settle();
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(false);
    expect(bench.registry.record(DEVICE_ID)?.nodes.get(9)).toMatchObject({ on: true, brightness: 42 });
    const again = await bench.ready();
    again.send(statusOf(9, 0, 0, 0));
    await bench.settle();
    const record = bench.registry.record(DEVICE_ID);
    expect(record?.nodes.get(9)).toMatchObject({ on: true, brightness: 42, heard: false });
    expect([record?.connections, record?.ownNode]).toEqual([2, 5]);
  });

  it('is when the device was last heard, by the wall clock', async () => {
    const bench = new LinkBench({ startWallMs: 1_000_000 });
    await bench.clock.advanceAsync(500);
    const device = await bench.identified();
    expect(bench.registry.record(DEVICE_ID)?.lastHeardAt).toBe(1_000_500);
    await bench.clock.advanceAsync(5_000);
    device.send({ kind: 'heartbeat' });
    await bench.settle();
    expect(bench.registry.record(DEVICE_ID)?.lastHeardAt).toBe(1_005_500);
  });

  it('never depends on a checksum: a wrong one is counted and the state is taken', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    const status = statusOf(9, 1, 1, 42);
    device.send({ ...status, inner: { ...status.inner, checksum: 0x55 } });
    await bench.settle();
    expect(bench.facts.of('checksum_mismatch')).toEqual([
      { kind: 'checksum_mismatch', transport: 'new', deviceId: DEVICE_ID },
    ]);
    expect(bench.registry.record(DEVICE_ID)?.nodes.get(9)?.brightness).toBe(42);
  });

  it.each([
    ['status', '830000000a3796246900f300112233', 0x83, 1],
    ['data', '730000000a3796246900f300112233', 0x73, 0],
  ])(
    'is nothing from a %s without a frame, which is answered as ever and reported',
    async (_, hex, type, answers) => {
      const bench = new LinkBench();
      const device = await bench.ready();
      device.sendBytes(hex);
      await bench.settle();
      expect(device.received).toHaveLength(answers);
      expect(bench.facts.of('decode_failed')).toEqual([
        {
          kind: 'decode_failed',
          transport: 'new',
          deviceId: DEVICE_ID,
          type,
          part: 'frame',
          reason: 'too_short',
        },
      ]);
    },
  );

  it('is nothing from a packet whose body does not fit, which is reported and not answered', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.sendBytes('23 0000000b 03 37962469 0010 31323334');
    await bench.settle();
    expect(device.received).toEqual([]);
    expect(bench.facts.of('decode_failed')).toMatchObject([
      { type: 0x23, part: 'packet', reason: 'body_too_short' },
    ]);
    expect(bench.registry.isConnected(DEVICE_ID)).toBe(true);
  });
});

describe('what a session reports', () => {
  it('is every packet both ways, under the transport that the router names at that moment', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    bench.route = 'legacy';
    device.sendBytes(STATUS_5);
    await bench.settle();
    bench.route = 'new';
    device.send({ kind: 'heartbeat' });
    await bench.settle();
    const seen = bench.facts
      .of('packet')
      .map((fact) => [fact.direction, fact.type, fact.messageId, fact.transport]);
    expect(seen).toEqual([
      ['received', 0x83, 0xf3, 'legacy'],
      ['sent', 0x88, 0xf3, 'legacy'],
      ['received', 0xd3, undefined, 'new'],
      ['sent', 0xd8, undefined, 'new'],
    ]);
  });

  it('names no device before the handshake is accepted, and the link when it is ready', async () => {
    const bench = new LinkBench();
    await bench.identified();
    const [handshake] = bench.facts.of('packet');
    expect(handshake).toMatchObject({ type: 0x23, deviceId: '', transport: 'legacy' });
    expect(bench.facts.of('link_ready')).toEqual([]);
    await bench.clock.advanceAsync(6_000);
    expect(bench.facts.of('link_ready')).toEqual([
      { kind: 'link_ready', deviceId: DEVICE_ID, connection: 1, remote: 'memory:2' },
    ]);
  });

  it('says that the message ids began again', async () => {
    const bench = new LinkBench();
    await bench.ready();
    const link = bench.link();
    for (let turn = 0; turn < 65_535; turn += 1) link.nextMessageId();
    expect(bench.facts.of('message_ids_wrapped')).toHaveLength(1);
  });

  it('holds the secret in the raw packet only, and no log line holds it', async () => {
    const bench = new LinkBench();
    const first = bench.dial();
    first.send(handshakeOf(DEVICE, AUTH));
    await bench.settle();
    const impostor = bench.dial();
    impostor.send(handshakeOf(DEVICE, '1e07ffffffffffff'));
    impostor.sendBytes('23 0000000f 03 37962469 0010 31653037');
    await bench.settle();
    const inHex = Buffer.from(AUTH, 'latin1').toString('hex');
    const raws = bench.facts.of('packet').map(({ raw }) => Buffer.from(raw).toString('hex'));
    expect(raws.some((raw) => raw.includes(inHex))).toBe(true);

    const others = JSON.stringify(
      bench.facts.all.map((fact) => (fact.kind === 'packet' ? { ...fact, raw: undefined } : fact)),
    );
    const lines = JSON.stringify(bench.facts.all.map((fact) => fieldsOf(fact, redactedHex)));
    for (const text of [others, lines]) {
      expect(text).not.toContain(AUTH);
      expect(text).not.toContain(inHex);
    }
    expect(lines).toContain('*'.repeat(32));
  });
});
