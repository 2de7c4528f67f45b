import { commandPacket, DeviceBench, BENCH_DEVICE_ID } from '../../test/support/device-bench';
import { REPLY } from '../protocol/inner-frame';
import { decodeMeshPage } from '../protocol/mesh-info';
import { notificationOf } from '../protocol/node-state';
import type { ControllerEnd } from '../../test/support/controller-end';
import { clockAnswer } from '../protocol/clock-sync';

const ON = { command: 'power', on: true } as const;
const SETTLE_MS = 1000;
const DAY_MS = 86_400_000;

function statusIds(controller: ControllerEnd): number[] {
  return controller.all('status').map(({ messageId }) => messageId);
}

function replies(controller: ControllerEnd) {
  return controller.all('data').filter(({ inner }) => inner.kind === 'frame' && inner.direction === REPLY);
}

function statesTold(controller: ControllerEnd) {
  return controller.all('status').flatMap(({ inner }) => {
    const notification = inner.kind === 'frame' ? notificationOf(inner) : undefined;
    return notification?.kind === 'node_state' ? [notification.state] : [];
  });
}

describe('a connection', () => {
  test('begins with the handshake, and without an answer nothing follows', async () => {
    const bench = new DeviceBench();
    const controller = await bench.dial();
    await bench.clock.advanceAsync(DAY_MS);
    expect(controller.kinds()).toEqual(['handshake']);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  test('goes on with counters, firmware, a clock request, and telemetry once it has the clock', async () => {
    const bench = new DeviceBench();
    const controller = await bench.accept();
    await bench.clock.advanceAsync(3000);
    expect(controller.kinds()).toEqual(['handshake', 'datapoints', 'status', 'clock_request', 'status']);
    controller.send(clockAnswer(Date.UTC(2026, 6, 1, 12, 0), 120));
    await bench.clock.advanceAsync(7000);
    const telemetry = controller.all('datapoints').at(-1)?.datapoints.items[0];
    expect(telemetry?.index).toBe(0xc7);
    expect(Buffer.from(telemetry?.value ?? []).toString()).toBe('20260701:1400:-42,00000,00000,00000,00000,');
    expect(bench.device.localTimeMs).toBe(Date.UTC(2026, 6, 1, 14, 0, 7));
  });

  test('sends no telemetry without a clock', async () => {
    const bench = new DeviceBench();
    const controller = await bench.accept();
    await bench.clock.advanceAsync(20_000);
    expect(controller.all('datapoints')).toHaveLength(1);
  });

  test('answers the announce, then reports every node once and lists them all, its own under 05', async () => {
    const bench = new DeviceBench({ nodes: [9, 30, 31] });
    const controller = await bench.accept();
    controller.clear();
    const announce = { kind: 'announce', deviceId: BENCH_DEVICE_ID, messageId: 77, flag: 0 } as const;
    controller.send(announce);
    await bench.clock.advanceAsync(0);
    expect(controller.kinds()).toEqual(['announce_answer', 'status', 'status', 'status', 'datapoints']);
    expect(controller.all('announce_answer')[0]?.messageId).toBe(77);
    expect(statesTold(controller).map(({ node }) => node)).toEqual([9, 30, 31]);
    const listed = controller
      .all('datapoints')[0]
      ?.datapoints.items.map(({ index, value }) => [index, value[0]]);
    expect(listed).toEqual([
      [5, 9],
      [6, 30],
      [7, 31],
    ]);
    controller.clear();
    controller.send(announce);
    await bench.clock.advanceAsync(0);
    expect(controller.kinds()).toEqual(['announce_answer']);
  });

  test('takes no command before the announce', async () => {
    const bench = new DeviceBench();
    const controller = await bench.accept();
    controller.send(commandPacket(ON));
    await bench.clock.advanceAsync(50);
    expect(controller.kinds()).toEqual(['handshake']);
    expect(bench.device.record.totals).toMatchObject({ early: 1, received: 0 });
  });

  test('notes the answers to its reports and waits for none', async () => {
    const bench = new DeviceBench();
    const controller = await bench.accept();
    controller.send(
      { kind: 'status_answer', messageId: 1, flag: 0 },
      { kind: 'datapoints_answer', reference: 0x0101, flag: 0 },
      { kind: 'datapoints_answer', reference: 0x0101, flag: 0 },
    );
    await bench.clock.advanceAsync(0);
    expect(bench.device.acknowledged).toEqual({ statuses: 1, datapoints: 2 });
  });
});

describe('the heartbeat', () => {
  test('comes 21 s after the last thing sent, and again while it is answered', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.send(commandPacket(ON));
    await bench.clock.advanceAsync(30);
    controller.clear();
    await bench.clock.advanceAsync(20_990);
    expect(controller.kinds()).toEqual([]);
    for (let beat = 1; beat <= 10; beat += 1) {
      await bench.clock.advanceAsync(beat === 1 ? 20 : 21_000);
      expect(controller.all('heartbeat')).toHaveLength(beat);
      controller.send({ kind: 'heartbeat_answer' });
    }
  });

  test('gives up a controller that leaves three in a row unanswered', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    await bench.clock.advanceAsync(5 * 21_000);
    expect(controller.all('heartbeat')).toHaveLength(3);
    expect(controller.closed).toBe(true);
    expect(bench.device.isConnected).toBe(false);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});

describe('a command', () => {
  test('gets its receipt, then its reply, then the status of what changed', async () => {
    const bench = new DeviceBench({ nodes: [5, 8] });
    const controller = await bench.ready();
    controller.send(commandPacket(ON, { node: 8, sequence: 42, messageId: 0x1537 }));
    await bench.clock.advanceAsync(1.9);
    expect(controller.kinds()).toEqual([]);
    await bench.clock.advanceAsync(0.2);
    expect(controller.received).toEqual([
      { kind: 'receipt', deviceId: BENCH_DEVICE_ID, messageId: 0x1537, flag: 0 },
    ]);
    await bench.clock.advanceAsync(8);
    expect(controller.all('data')).toMatchObject([
      { messageId: 0, inner: { sequence: 42, opcode: 0xd0, direction: 0xf9, data: Uint8Array.of(0) } },
    ]);
    await bench.clock.advanceAsync(20);
    expect(controller.kinds()).toEqual(['receipt', 'data', 'status', 'datapoints']);
    expect(statesTold(controller)).toMatchObject([{ node: 8, on: true, heard: true }]);
    expect(bench.device.nodes.map(({ on }) => on)).toEqual([false, true]);
  });

  test.each([
    ['a group', 0x8010],
    ['everybody', 0xffff],
  ])('to %s reaches all nodes with one reply', async (_name, address) => {
    const bench = new DeviceBench({ nodes: [5, 8, 9] });
    const controller = await bench.ready();
    controller.send(commandPacket(ON, { node: address }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual(['receipt', 'data', 'status', 'status', 'status', 'datapoints']);
    expect(bench.device.nodes.map(({ on }) => on)).toEqual([true, true, true]);
  });

  test('to an unknown node gets the receipt and nothing more', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.send(commandPacket(ON, { node: 6 }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual(['receipt']);
    expect(bench.device.record.totals).toMatchObject({ received: 1, executed: 0, unknownNode: 1 });
  });

  test('behind a padding byte gets the receipt and nothing more, as 346 injected ones did', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.sendHex(
      '7300000020379624691537' + '0000' + '7e21000000f8d00d0021000000000500d01102010000e77e',
    );
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual(['receipt']);
    expect(bench.device.record.totals).toMatchObject({ received: 0, unusable: 1 });
    expect(bench.device.nodes[0]?.on).toBe(false);
  });

  test('that sets a switch mode is replied to and told in a 0x73 of its own', async () => {
    const bench = new DeviceBench({ family: 'switch', nodes: [160] });
    const controller = await bench.ready();
    controller.send(commandPacket({ command: 'mode', mode: 'smart' }, { node: 160 }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual(['receipt', 'data', 'data']);
    const [reply, notice] = controller.all('data');
    expect(reply).toMatchObject({ messageId: 0, inner: { direction: 0xf9, opcode: 0x8e } });
    expect(notice).toMatchObject({ messageId: 1, inner: { direction: 0xfa, opcode: 0x8e } });
    const data = notice?.inner.kind === 'frame' ? notice.inner.data : [];
    expect([...data.slice(10, 13)]).toEqual([160, 0x81, 0x90]);
    expect(bench.device.nodes[0]?.mode).toBe('smart');
  });

  test('is answered in the order of arrival, though the first be the slowest', async () => {
    const delays = [300, 10, 50].map((ms) => ({ receiptMs: ms, replyMs: 2 * ms, statusMs: 1 }));
    const bench = new DeviceBench({
      overrides: { drawDelays: () => delays.shift() ?? { receiptMs: 1, replyMs: 1, statusMs: 1 } },
    });
    const controller = await bench.ready();
    for (const number of [1, 2, 3])
      controller.send(commandPacket(ON, { sequence: number, messageId: 100 + number }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.all('receipt').map(({ messageId }) => messageId)).toEqual([101, 102, 103]);
    const sequences = replies(controller).map(({ inner }) => inner.kind === 'frame' && inner.sequence);
    expect(sequences).toEqual([1, 2, 3]);
  });

  test('is carried out even when the connection is lost before the answer', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.send(commandPacket(ON));
    await bench.clock.advanceAsync(1);
    bench.device.dropConnection();
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual([]);
    expect(bench.device.nodes[0]?.on).toBe(true);
    expect(bench.device.record.totals.executed).toBe(1);
  });
});

describe('a repeated command', () => {
  async function repeat(family: 'bulb' | 'plug' | 'switch') {
    const bench = new DeviceBench({ family });
    const controller = await bench.ready();
    controller.send(commandPacket(ON), commandPacket(ON));
    await bench.clock.advanceAsync(SETTLE_MS);
    return { record: bench.device.record, receipts: controller.all('receipt'), replies: replies(controller) };
  }

  test('is carried out once, with a second reply, by a family that discards and replies', async () => {
    const { record, receipts, replies } = await repeat('bulb');
    expect([receipts.length, replies.length]).toEqual([2, 2]);
    expect(record.commands.map(({ executed, repeat }) => [executed, repeat])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect([...record.executions().values()]).toEqual([1]);
  });

  test('is carried out once, without a second reply, by a family that discards in silence', async () => {
    const { record, receipts, replies } = await repeat('plug');
    expect([receipts.length, replies.length]).toEqual([2, 1]);
    expect(record.totals).toMatchObject({ received: 2, executed: 1, repeats: 1, executedRepeats: 0 });
  });

  test('is carried out twice by a family that discards nothing', async () => {
    const { record, receipts, replies } = await repeat('switch');
    expect([receipts.length, replies.length]).toEqual([2, 2]);
    expect(record.totals).toMatchObject({ received: 2, executed: 2, repeats: 1, executedRepeats: 1 });
    expect([...record.executions().values()]).toEqual([2]);
  });

  test('is known over a reconnect, and forgotten by a power cycle', async () => {
    const bench = new DeviceBench();
    (await bench.ready()).send(commandPacket(ON));
    await bench.clock.advanceAsync(SETTLE_MS);
    (await bench.ready()).send(commandPacket(ON));
    await bench.clock.advanceAsync(SETTLE_MS);
    bench.device.powerCycle();
    (await bench.ready()).send(commandPacket(ON));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(bench.device.record.commands.map(({ repeat }) => repeat)).toEqual([false, true, false]);
  });
});

describe('the memory for repeats', () => {
  test('holds the last sequences only', async () => {
    const bench = new DeviceBench({ overrides: { repeatMemory: 2 } });
    const controller = await bench.ready();
    for (const sequence of [1, 2, 3, 2, 1]) controller.send(commandPacket(ON, { sequence }));
    await bench.clock.advanceAsync(SETTLE_MS);
    const seen = bench.device.record.commands.map(({ meshSequence, repeat }) => [meshSequence, repeat]);
    expect(seen).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [2, true],
      [1, false],
    ]);
  });
});

describe('message ids', () => {
  test('of reports begin at 1 at power-up and go on over reconnects; those of replies begin at 0 each time', async () => {
    const bench = new DeviceBench();
    const first = await bench.accept();
    await bench.clock.advanceAsync(3000);
    expect(statusIds(first)).toEqual([1, 2]);
    const second = await bench.ready();
    for (const sequence of [1, 2]) second.send(commandPacket(ON, { sequence }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(statusIds(second)).toEqual([4, 5]);
    expect(second.all('data').map(({ messageId }) => messageId)).toEqual([0, 1]);
    const third = await bench.ready();
    third.send(commandPacket(ON, { sequence: 3 }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(statusIds(third)).toEqual([7]);
    expect(third.all('data').map(({ messageId }) => messageId)).toEqual([0]);
  });

  test('of reports begin at 1 again after a power cycle, with the firmware once more', async () => {
    const bench = new DeviceBench();
    await bench.ready();
    bench.device.powerCycle();
    const controller = await bench.accept();
    await bench.clock.advanceAsync(3000);
    expect(statusIds(controller)).toEqual([1, 2]);
    expect(bench.device.localTimeMs).toBeUndefined();
  });
});

describe('mesh information', () => {
  test('comes in pages of at most 31 nodes, and the acknowledgement of a page gets a receipt only', async () => {
    const others = Array.from({ length: 69 }, (_, index) => index + 100);
    const bench = new DeviceBench({ family: 'switch', nodes: [1, ...others] });
    const controller = await bench.ready();
    controller.sendHex('73000000182de4b5d2152c007e1f000000f85206000000ffff0000567e');
    await bench.clock.advanceAsync(SETTLE_MS);
    const frames = controller.all('data').flatMap(({ inner }) => (inner.kind === 'frame' ? [inner] : []));
    expect(frames.map(({ sequence, opcode }) => [sequence, opcode])).toEqual(Array(4).fill([0x1f, 0x52]));
    // The first only says "accepted".
    const pages = frames.map(({ data }) => decodeMeshPage(data));
    expect(pages.map((page) => page?.records.length)).toEqual([undefined, 31, 31, 8]);
    expect(pages.slice(1).map((page) => page?.total)).toEqual([70, 70, 70]);
    controller.clear();
    controller.sendHex('73000000142de4b5d2152d007e1e000000f8af0200af01617e');
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(controller.kinds()).toEqual(['receipt']);
  });
});

describe('an LED-strip controller', () => {
  test('repeats the first checksum of a burst, counts 0x1122xxxx, and appends two bytes to its 0x43', async () => {
    const bench = new DeviceBench({ family: 'led_strip', nodes: [1, 2, 3, 4] });
    const controller = await bench.accept();
    controller.send({ kind: 'announce', deviceId: BENCH_DEVICE_ID, messageId: 1, flag: 0 });
    await bench.clock.advanceAsync(0);
    const frames = controller.all('status').flatMap(({ inner }) => (inner.kind === 'frame' ? [inner] : []));
    expect(new Set(frames.map(({ checksum }) => checksum)).size).toBe(1);
    expect(frames.map(({ checksumOk }) => checksumOk)).toEqual([true, false, false, false]);
    expect(frames.map(({ sequence }) => sequence >>> 16)).toEqual(Array(4).fill(0x1122));
    expect(frames.map(({ data }) => [...data.slice(0, 3)])).toEqual(Array(4).fill([0x11, 0x11, 0x11]));
    const [list] = controller.all('datapoints');
    expect(list?.datapoints.items).toHaveLength(4);
    expect(list?.datapoints.trailer).toHaveLength(2);
  });
});

describe('the record', () => {
  test('keeps the last commands and never loses a total', async () => {
    const bench = new DeviceBench({ overrides: { recordLimit: 3 } });
    const controller = await bench.ready();
    for (let sequence = 1; sequence <= 10; sequence += 1)
      controller.send(commandPacket(ON, { sequence, messageId: sequence % 2 ? 0 : sequence }));
    await bench.clock.advanceAsync(SETTLE_MS);
    const { record } = bench.device;
    expect(record.commands.map(({ meshSequence }) => meshSequence)).toEqual([8, 9, 10]);
    expect(record.commands[0]).toEqual({
      atMs: 15_000,
      messageId: 8,
      meshSequence: 8,
      opcode: 0xd0,
      node: 5,
      executed: true,
      repeat: false,
      refused: false,
    });
    expect(record.totals).toMatchObject({ received: 10, executed: 10, writtenBy: { new: 5, legacy: 5 } });
  });
});

describe('an ended connection', () => {
  test.each(['dropConnection', 'powerCycle'] as const)('leaves no timer behind: %s', async (end) => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.send(commandPacket(ON));
    await bench.clock.advanceAsync(1);
    expect(bench.clock.pendingTimers).toBeGreaterThan(0);
    bench.device[end]();
    await bench.clock.advanceAsync(0);
    expect(bench.clock.pendingTimers).toBe(0);
    expect(controller.closed).toBe(true);
  });

  test('is what a controller gets that takes nothing', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    controller.pause();
    for (let sequence = 1; sequence <= 1000; sequence += 1) controller.send(commandPacket(ON, { sequence }));
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(bench.device.isConnected).toBe(false);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  test('is noticed when the controller closes it', async () => {
    const bench = new DeviceBench();
    const controller = await bench.ready();
    expect(bench.device.isReady).toBe(true);
    controller.close();
    await bench.clock.advanceAsync(0);
    expect([bench.device.isReady, bench.device.isConnected]).toEqual([false, false]);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});
