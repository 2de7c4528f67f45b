import { seededRandom, randomInteger, type Random } from '../../src/kernel/random';
import { decodePacket } from '../../src/protocol/codec';
import { Framer } from '../../src/protocol/framer';
import { decodeMeshPage } from '../../src/protocol/mesh-info';
import { notificationOf } from '../../src/protocol/node-state';
import { redactedHex } from '../../src/protocol/redact';
import { genuinePackets } from '../support/corpus';
import { isLongRun, testSeed } from '../support/long-run';

const INPUTS = isLongRun ? 1_000_000 : 20_000;
const TIMEOUT_MS = isLongRun ? 600_000 : 30_000;
const BODY_LIMIT = 4096;
const LARGEST_PACKET = 5 + BODY_LIMIT;

/** Ways to spoil a packet: each keeps enough of it that the parser gets further than its first byte. */
const MUTATIONS: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes) => bytes,
  (bytes, random) => bytes.map((byte) => (random.next() < 0.05 ? randomInteger(random, 0, 255) : byte)),
  (bytes, random) => bytes.slice(0, randomInteger(random, 0, bytes.length)),
  (bytes, random) => bytes.slice(randomInteger(random, 0, bytes.length)),
  (bytes, random) => withByte(bytes, randomInteger(random, 1, 4), randomInteger(random, 0, 255)),
  (bytes, random) => withByte(bytes, randomInteger(random, 5, 20), random.next() < 0.5 ? 0x7e : 0x7d),
  (bytes, random) => Uint8Array.from([...bytes, ...noise(random, 16)]),
  (_bytes, random) => noise(random, 64),
];

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = value;
  return copy;
}

function noise(random: Random, most: number): Uint8Array {
  return Uint8Array.from({ length: randomInteger(random, 0, most) }, () => randomInteger(random, 0, 255));
}

/** Reads everything out of a packet that the program ever reads out of one. */
function readWhole(bytes: Uint8Array): void {
  const packet = decodePacket(bytes);
  redactedHex(bytes);
  if ((packet.kind !== 'data' && packet.kind !== 'status') || packet.inner.kind === 'malformed') return;
  notificationOf(packet.inner);
  decodeMeshPage(packet.inner.data);
}

describe(`${INPUTS} spoiled packets, seed ${testSeed()}`, () => {
  it(
    'never make the framer or a decoder throw, and never let more than one packet be held',
    () => {
      const random = seededRandom(testSeed());
      const packets = genuinePackets();
      let taken = 0;
      let thrownAway = 0;
      let fed = 0;
      let most = 0;
      const framer = new Framer({
        packet: (bytes) => {
          taken += bytes.length;
          readWhole(bytes);
        },
        discarded: (_reason, count) => {
          thrownAway += count;
        },
      });
      for (let input = 0; input < INPUTS; input += 1) {
        const packet = packets[randomInteger(random, 0, packets.length - 1)] as Uint8Array;
        const mutation = MUTATIONS[
          randomInteger(random, 0, MUTATIONS.length - 1)
        ] as (typeof MUTATIONS)[number];
        const bytes = mutation(packet, random);
        fed += bytes.length;
        framer.push(bytes);
        if (random.next() < 0.01) framer.abandonPartial();
        most = Math.max(most, framer.heldBytes);
      }
      expect(most).toBeLessThanOrEqual(LARGEST_PACKET);
      // Every byte is accounted for: in a packet, thrown away with a report, or still waiting for the rest.
      expect(taken + thrownAway + framer.heldBytes).toBe(fed);
      expect(taken).toBeGreaterThan(fed / 4);
    },
    TIMEOUT_MS,
  );
});
