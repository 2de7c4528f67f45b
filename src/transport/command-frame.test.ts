import fc from 'fast-check';
import { DEVICE_ID } from '../../test/support/memory-device';
import { TransportBench } from '../../test/support/transport-bench';
import type { Link } from '../link/link';
import { isPlainSequence, type Action } from '../protocol/actions';
import { decodeInner, encodeInner, needsEscape, REQUEST } from '../protocol/inner-frame';
import { decodeMeshPdu } from '../protocol/mesh-pdu';
import { commandFrame } from './command-frame';

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ command: fc.constant('power' as const), on: fc.boolean() }),
  fc.record({ command: fc.constantFrom('brightness' as const, 'temperature' as const), level: fc.nat(100) }),
  fc.record({ command: fc.constant('color' as const), r: fc.nat(255), g: fc.nat(255), b: fc.nat(255) }),
  fc.record({
    command: fc.constant('mode' as const),
    mode: fc.constantFrom('traditional' as const, 'smart' as const),
  }),
);

function openExchange(): never {
  throw new Error('a frame opens no exchange');
}

function linkNumbering(nextSequence: () => number): Link {
  return {
    deviceId: DEVICE_ID,
    connection: 1,
    ownNode: 5,
    nextSequence,
    nextMessageId: () => 1,
    openExchange,
  };
}

describe('the frame of a command', () => {
  it('has neither a sequence nor a checksum that some firmware would escape', async () => {
    const { bench } = await TransportBench.withDevice();
    const link = bench.link();
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 0xffff }), (action, node) => {
        const frame = commandFrame({ command: bench.command({ action }), node, link, openExchange });
        const bytes = encodeInner(frame);
        expect(isPlainSequence(frame.sequence)).toBe(true);
        expect(needsEscape(bytes.at(-2) ?? 0x7e)).toBe(false);
        expect(decodeInner(bytes)).toMatchObject({ direction: REQUEST, checksumOk: true, escaped: false });
        expect(decodeMeshPdu(frame.data)?.destination).toBe(node);
      }),
      { numRuns: 2_000 },
    );
  });

  // Power on for node 5 sums to 0xC6 and its sequence: 0xB7 and 0xB8 would give the checksums 0x7D and 0x7E.
  it.each([
    [0xb6, 0xb6],
    [0xb7, 0xb9],
    [0xb8, 0xb9],
  ])('takes sequence %d as it comes only if its checksum is plain: %d', (first, chosen) => {
    let next = first;
    const link = linkNumbering(() => next++);
    const frame = commandFrame({ command: new TransportBench().command(), node: 5, link, openExchange });
    expect([frame.sequence, next]).toEqual([chosen, chosen + 1]);
  });

  it('gives up the search after eight tries', () => {
    let tries = 0;
    const link = linkNumbering(() => {
      tries += 1;
      return 0xb8;
    });
    commandFrame({ command: new TransportBench().command(), node: 5, link, openExchange });
    expect(tries).toBe(8);
  });

  it('is sent raw where there is no choice', async () => {
    const { bench } = await TransportBench.withDevice();
    const command = bench.command({ action: { command: 'color', r: 0x7e, g: 0x7d, b: 0 } });
    const frame = commandFrame({ command, node: 0x7e, link: bench.link(), openExchange });
    const bytes = encodeInner(frame);
    expect([...frame.data].filter(needsEscape)).toEqual([0x7e, 0x7e, 0x7d]);
    expect(decodeInner(bytes)).toMatchObject({ escaped: false, checksumOk: true });
  });
});
