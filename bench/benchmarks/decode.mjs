import { atLeast } from '../lib/aim.mjs';
import { genuineReads } from '../lib/corpus.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { built } from '../lib/product.mjs';
import { spreadOf } from '../lib/stats.mjs';
import { allocated, looped } from '../lib/timing.mjs';

const { Framer } = built('protocol/framer');
const { decodePacket } = built('protocol/codec');

/** What a socket hands over at once when there is plenty. */
const FULL_READ_BYTES = 65_536;
/** Five times the 420,000 of the Python rebuild, which does not look into the inner frame. */
const AIM_PER_SECOND = 2_100_000;

export const title = 'Decoding the captured packets, inner frame included, one core';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const reads = genuineReads();
  const chunks = { [CAPTURED]: reads, [FULL]: fullReads(reads), [PIPE]: pipePackets(reads) };
  const passes = Object.fromEntries(Object.entries(chunks).map(([name, list]) => [name, passOver(list)]));
  const perPass = passes[CAPTURED].packets;
  const loops = {
    [CAPTURED]: loopOf(passes[CAPTURED].decode, perPass),
    [FULL]: loopOf(passes[FULL].decode, passes[FULL].packets),
    [PIPE]: loopOf(passes[PIPE].decode, passes[PIPE].packets),
    [FRAMER]: loopOf(passes[CAPTURED].frame, perPass),
  };
  const subjects = Object.entries(loops).map(([name, loop]) =>
    perSecond(looped(name, loop, quick ? 50 : 250)),
  );
  const samples = await interleave(withTwin(subjects, CAPTURED), quick ? 5 : 15);
  const figures = [CAPTURED, FULL, PIPE, FRAMER, twinOf(CAPTURED)].map((name) =>
    samples.figure(name, 'rate', 'packets/s'),
  );
  return {
    figures: [
      ...figures,
      {
        name: 'allocated per packet, framer and decoder',
        unit: 'B',
        ...spreadOf(allocated(loops[CAPTURED], perPass)),
        rounds: 51,
      },
    ],
    ratios: [samples.ratio(CAPTURED, twinOf(CAPTURED), 'rate')],
    aims: [
      atLeast('packets decoded a second', figures[0], AIM_PER_SECOND),
      atLeast('packets with an inner frame decoded a second', figures[2], AIM_PER_SECOND),
    ],
    notes: [
      `The corpus: ${reads.length} genuine reads, ${perPass} packets, ${bytesOf(reads)} bytes; ` +
        `${passes[PIPE].packets} packets have an inner frame.`,
      'The aim is five times the 420,000 packets/s of the Python rebuild, measured before and not in this run.',
    ],
  };
}

const CAPTURED = 'framer + decodePacket, reads as captured';
const FULL = 'framer + decodePacket, reads of 64 kB';
const PIPE = 'framer + decodePacket, only packets with an inner frame (0x73, 0x83)';
const FRAMER = 'framer alone, reads as captured';

/** Once over the corpus, with and without decoding. Both return how many packets there were. */
function passOver(chunks) {
  const decode = passWith(chunks, (bytes) => {
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed') throw new Error(`malformed: ${packet.reason}`);
    if ('inner' in packet && packet.inner.kind === 'malformed') throw new Error('a malformed inner frame');
  });
  const frame = passWith(chunks, () => {});
  return { decode, frame, packets: decode() };
}

function passWith(chunks, take) {
  let packets = 0;
  const sink = {
    packet(bytes) {
      packets += 1;
      take(bytes);
    },
    discarded(reason, count) {
      throw new Error(`${count} bytes discarded: ${reason}`);
    },
  };
  return () => {
    packets = 0;
    const framer = new Framer(sink);
    for (const chunk of chunks) framer.push(chunk);
    if (framer.heldBytes > 0) throw new Error(`${framer.heldBytes} bytes left over`);
    return packets;
  };
}

/** Whole passes for at least `count` packets. */
function loopOf(pass, perPass) {
  return (count) => {
    let packets = 0;
    for (let left = count; left > 0; left -= perPass) packets += pass();
    return packets;
  };
}

function perSecond({ name, measure }) {
  return { name, measure: () => ({ rate: 1e9 / measure().ns }) };
}

function pipePackets(reads) {
  const packets = [];
  const sink = { packet: (bytes) => packets.push(bytes), discarded: () => {} };
  const framer = new Framer(sink);
  for (const read of reads) framer.push(read);
  return packets.filter(([type]) => type === 0x73 || type === 0x83);
}

/** The same bytes cut where a full read buffer would cut them, in the middle of packets too. */
function fullReads(reads) {
  const all = Buffer.concat(reads);
  const chunks = [];
  for (let at = 0; at < all.length; at += FULL_READ_BYTES)
    chunks.push(all.subarray(at, at + FULL_READ_BYTES));
  return chunks;
}

function bytesOf(reads) {
  return reads.reduce((total, read) => total + read.length, 0);
}
