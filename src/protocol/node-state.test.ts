import fc from 'fast-check';
import { genuinePackets } from '../../test/support/corpus';
import type { Datapoint } from './datapoints';
import type { PacketOf } from './catalogue';
import { decodePacket } from './codec';
import { fromHex } from './hex';
import { NOTIFICATION, REPLY, type InnerFrame } from './inner-frame';
import { nodeStateOf, notificationOf, showsColor, type Notification } from './node-state';

function frameOf(packetHex: string): InnerFrame {
  return (decodePacket(fromHex(packetHex) as Uint8Array) as PacketOf<'status'>).inner as InnerFrame;
}

function statusFrame(parameters: string, overrides: Partial<InnerFrame> = {}): InnerFrame {
  const frame = frameOf(
    `83 00000025 38e8cf46 0009 00 7e 1f000000 fa db 1300 872511 ee00 ee00 db 1102 ${parameters} 88 7e`,
  );
  return { ...frame, ...overrides };
}

describe('notificationOf', () => {
  it('reads the state of the node that speaks', () => {
    expect(notificationOf(statusFrame('01 01 0a 0a ffffff 0000'))).toEqual({
      kind: 'node_state',
      state: { node: 0xee, on: true, brightness: 10, tone: 10, rgb: [255, 255, 255], heard: true },
    });
  });

  it('tells a lamp that is off from one that was not heard, and does not take brightness for on', () => {
    const stateOf = (parameters: string): unknown => notificationOf(statusFrame(parameters));
    expect(stateOf('01 00 64 32 000000 0000')).toMatchObject({
      state: { on: false, heard: true, brightness: 100 },
    });
    expect(stateOf('00 01 00 32 000000 0000')).toMatchObject({
      state: { on: true, heard: false, brightness: 0 },
    });
  });

  it('does not take the join notice that comes in the same envelope for a status', () => {
    const notice = frameOf(
      '83 00000026 60b17c4a 000c 00 7e 22000000 fa db 1400 2222331a00ffffea11021aa1010b0100000000 00 43 7e',
    );
    expect(notificationOf(notice)).toEqual({ kind: 'other', opcode: 0xdb });
  });

  it.each([
    ['network', '0', '00 3000000000', 'c1'],
    ['device', '1.1.158', '01 3131313538', '92'],
  ])('reads the captured firmware report of the %s', (scope, version, digits, checksum) => {
    const head = '83 00000032 325d5317 0001 00 00 01000000 fa 00 2000 00000000000000ea000000 8601';
    const report = frameOf(`${head} ${digits} 00000000000000000000000000 ${checksum} 7e`);
    expect(report.checksumOk).toBe(true);
    expect(notificationOf(report)).toEqual({ kind: 'firmware', scope, version });
  });

  it('leaves replies, other opcodes and short data alone', () => {
    const good = '01 01 0a 0a ffffff 0000';
    expect(notificationOf(statusFrame(good, { direction: REPLY }))).toEqual({ kind: 'other', opcode: 0xdb });
    expect(notificationOf(statusFrame(good, { opcode: 0x8e }))).toEqual({ kind: 'other', opcode: 0x8e });
    const { data } = statusFrame(good);
    expect(notificationOf(statusFrame(good, { data: data.subarray(0, 16) }))).toMatchObject({
      kind: 'other',
    });
    expect(notificationOf(statusFrame(good, { data: data.subarray(0, 17) }))).toMatchObject({
      kind: 'node_state',
    });
  });

  it('never throws, whatever the data is', () => {
    const frame = statusFrame('01 01 0a 0a ffffff 0000');
    fc.assert(
      fc.property(
        fc.constantFrom(0x7e, 0x00),
        fc.constantFrom(0xdb, 0x00, 0x8e),
        fc.uint8Array({ maxLength: 40 }),
        (start, opcode, data) => {
          const notification = notificationOf({ ...frame, start, opcode, data, direction: NOTIFICATION });
          expect(['node_state', 'firmware', 'other']).toContain(notification.kind);
        },
      ),
    );
  });

  it('knows every captured 0x83: how many states, firmware reports and notices there are', () => {
    const counts: Record<Notification['kind'], number> = { node_state: 0, firmware: 0, other: 0 };
    for (const packet of genuinePackets().filter((bytes) => bytes[0] === 0x83)) {
      const status = decodePacket(packet) as PacketOf<'status'>;
      counts[notificationOf(status.inner as InnerFrame).kind] += 1;
    }
    expect(counts).toEqual({ node_state: 79, firmware: 12, other: 37 });
  });
});

describe('nodeStateOf', () => {
  const item = (hex: string): Datapoint => ({ index: 6, type: 0, value: fromHex(hex) as Uint8Array });

  it('reads the 16 bytes of a datapoint', () => {
    expect(nodeStateOf(item('07 01 64 fe 0a0b0c 01 00 07 000000000000'))).toEqual({
      node: 7,
      on: true,
      brightness: 100,
      tone: 0xfe,
      rgb: [10, 11, 12],
      heard: true,
    });
    expect(nodeStateOf(item('07 00 64 40 ffffff 00 00 07 000000000000'))).toMatchObject({
      on: false,
      heard: false,
    });
  });

  it('shows a colour only under tone FE', () => {
    expect(showsColor(nodeStateOf(item('07 01 64 fe 0a0b0c 01 00 07 000000000000')))).toBe(true);
    expect(showsColor(nodeStateOf(item('07 01 64 64 0a0b0c 01 00 07 000000000000')))).toBe(false);
  });
});
