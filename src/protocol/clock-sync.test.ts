import fc from 'fast-check';
import { genuineLines, packetsOf } from '../../test/support/corpus';
import { clockAnswer, clockAnswerInstant } from './clock-sync';
import { decodePacket, encodePacket } from './codec';
import type { PacketOf } from './catalogue';
import { toHex } from './hex';

function decoded(answer: ReturnType<typeof clockAnswer>): PacketOf<'clock_answer'> {
  return decodePacket(encodePacket(answer)) as PacketOf<'clock_answer'>;
}

describe('clockAnswer', () => {
  it('says local time, Sunday as 1, and the offset as signed hours and minutes', () => {
    const sunday = clockAnswer(Date.UTC(2025, 10, 2, 4, 5, 6), -360);
    expect(toHex(encodePacket(sunday))).toBe('c80000000b0d07e90b0107160506fda8');
    expect(sunday).toMatchObject({ year: 2025, month: 11, day: 1, dayOfWeek: 7, hour: 22, utcOffset: -600 });
    expect(clockAnswer(Date.UTC(2025, 10, 2), 0).dayOfWeek).toBe(1);
    expect(clockAnswer(0, 330).utcOffset).toBe(530);
    expect(clockAnswer(0, -210).utcOffset).toBe(-330);
  });

  it('names the very second it was asked for, in every zone', () => {
    const year2000 = Date.UTC(2000, 0, 1) / 1000;
    const year2100 = Date.UTC(2100, 0, 1) / 1000;
    fc.assert(
      fc.property(
        fc.integer({ min: year2000, max: year2100 }),
        fc.integer({ min: -12 * 60, max: 14 * 60 }),
        (second, offset) => {
          expect(clockAnswerInstant(decoded(clockAnswer(second * 1000 + 999, offset)))).toBe(second * 1000);
        },
      ),
    );
  });
});

describe('captured clock answers', () => {
  /** The zone in which each capture stamped its reads, and the offset its devices were told. */
  const placeOf = (ts: string): { zone: string; offsetMinutes: number } =>
    ts.startsWith('2025') ? { zone: 'Z', offsetMinutes: -360 } : { zone: '-06:00', offsetMinutes: -300 };

  const answers = (): { ts: string; bytes: Uint8Array }[] =>
    genuineLines().flatMap((line) =>
      packetsOf(line.bytes)
        .filter((packet) => packet[0] === 0xc8)
        .map((bytes) => ({ ts: line.ts, bytes })),
    );

  it('tell the second in which they were captured, all 27', () => {
    expect(answers()).toHaveLength(27);
    for (const { ts, bytes } of answers()) {
      const packet = decodePacket(bytes) as PacketOf<'clock_answer'>;
      const captured = Date.parse(`${ts.slice(0, 19)}${placeOf(ts).zone}`);
      expect({ ts, instant: clockAnswerInstant(packet) }).toEqual({ ts, instant: captured });
    }
  });

  it('are byte for byte what this controller answers at the capture time', () => {
    for (const { ts, bytes } of answers()) {
      const { zone, offsetMinutes } = placeOf(ts);
      const answer = clockAnswer(Date.parse(`${ts.slice(0, 23)}${zone}`), offsetMinutes);
      expect(toHex(encodePacket(answer))).toBe(toHex(bytes));
    }
  });
});
