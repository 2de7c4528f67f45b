import fc from 'fast-check';
import {
  corpusLines,
  genuineLines,
  genuinePackets,
  onePacketPerType,
  packetsOf,
} from '../../test/support/corpus';
import { CATALOGUE, DEFAULT_BODY_LIMIT, HEADER_SIZE, rowOfType } from './catalogue';
import { Framer, type DiscardReason } from './framer';
import { fromHex, toHex } from './hex';

/** Records what a framer says, and the most that it held between two reads. */
class Recorder {
  readonly packets: string[] = [];
  readonly discarded: Record<DiscardReason, number> = { out_of_step: 0, oversize: 0, tls: 0 };
  mostHeld = 0;
  readonly framer: Framer;

  constructor(bodyLimit?: number) {
    this.framer = new Framer(
      {
        packet: (bytes) => this.packets.push(toHex(bytes)),
        discarded: (reason, count) => {
          this.discarded[reason] += count;
        },
      },
      bodyLimit,
    );
  }

  push(...chunks: readonly Uint8Array[]): this {
    for (const chunk of chunks) {
      this.framer.push(chunk);
      this.mostHeld = Math.max(this.mostHeld, this.framer.heldBytes);
    }
    return this;
  }

  get report(): object {
    const { out_of_step, oversize, tls } = this.discarded;
    return { packets: this.packets, lost: out_of_step + oversize, tls, held: this.framer.heldBytes };
  }
}

function hex(text: string): Uint8Array {
  return fromHex(text) as Uint8Array;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The bytes in pieces of the given sizes, over and over until they are used up. */
function chunked(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const HEARTBEAT = hex('d300000000');
const RECEIPT = hex('7b 00000007 2de4b5d2 1537 00');

/** Whether a header that the framer must believe stands at this place of the stream. Written from protocol 2.2. */
function looksLikeHeader(bytes: Uint8Array, at: number): boolean {
  const row = rowOfType(bytes[at] ?? 0);
  if (!row || at + HEADER_SIZE > bytes.length || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) return false;
  const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
  if (length > DEFAULT_BODY_LIMIT) return false;
  return 'exactly' in row.size ? length === row.size.exactly : length >= row.size.atLeast;
}

describe('the captured stream', () => {
  it('gives the same packets when any read is cut at any byte', () => {
    const reads = new Map(genuineLines().map((line) => [line.hex, line.bytes]));
    for (const read of reads.values()) {
      const whole = packetsOf(read).map(toHex);
      for (let cut = 1; cut < read.length; cut += 1) {
        const { report } = new Recorder().push(read.subarray(0, cut), read.subarray(cut));
        expect(report).toEqual({ packets: whole, lost: 0, tls: 0, held: 0 });
      }
    }
  });

  it('gives the same packets when a stream of every type is cut at any byte', () => {
    const parts = onePacketPerType();
    expect(parts).toHaveLength(15);
    const stream = concatenated(parts);
    for (let cut = 1; cut < stream.length; cut += 1) {
      const { report } = new Recorder().push(stream.subarray(0, cut), stream.subarray(cut));
      expect(report).toEqual({ packets: parts.map(toHex), lost: 0, tls: 0, held: 0 });
    }
  });

  it.each([[[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[7]], [[1024]], [[1, 7, 2, 1024, 3]]])(
    'gives the same packets as one long stream in chunks of %j bytes',
    (sizes) => {
      const parts = genuinePackets();
      const { report } = new Recorder().push(...chunked(concatenated(parts), sizes));
      expect(report).toEqual({ packets: parts.map(toHex), lost: 0, tls: 0, held: 0 });
    },
  );
});

describe('arbitrary bytes', () => {
  const noise = fc.uint8Array({ maxLength: 400 });
  // Bytes that lead far into the framer: types, zeros, small lengths and the start of TLS.
  const likely = fc
    .array(fc.constantFrom(0, 0, 0, 1, 3, 7, 0x16, 0x73, 0x83, 0xd3, 0xff), { maxLength: 400 })
    .map((bytes) => Uint8Array.from(bytes));
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });

  it('never throw, are never held beyond the limit, and are all accounted for', () => {
    fc.assert(
      fc.property(
        fc.oneof(noise, likely),
        sizes,
        fc.integer({ min: 0, max: 64 }),
        (bytes, cuts, bodyLimit) => {
          const recorder = new Recorder(bodyLimit).push(...chunked(bytes, cuts));
          const { discarded, packets, framer } = recorder;
          expect(recorder.mostHeld).toBeLessThan(HEADER_SIZE + Math.max(bodyLimit, 1));
          const delivered = packets.join('').length / 2;
          const lost = discarded.out_of_step + discarded.oversize + discarded.tls;
          expect(delivered + lost + framer.heldBytes).toBe(bytes.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('give the same packets and losses however they are cut', () => {
    fc.assert(
      fc.property(fc.oneof(noise, likely), sizes, (bytes, cuts) => {
        const whole = new Recorder(64).push(bytes);
        expect(new Recorder(64).push(...chunked(bytes, cuts)).report).toEqual(whole.report);
      }),
      { numRuns: 2_000 },
    );
  });

  it('give only packets that the catalogue allows', () => {
    fc.assert(
      fc.property(likely, (bytes) => {
        for (const packet of new Recorder().push(bytes).packets)
          expect(looksLikeHeader(hex(packet), 0)).toBe(true);
      }),
    );
  });
});

describe('resynchronisation', () => {
  const pool = fc.constantFrom(...[HEARTBEAT, RECEIPT], hex('28000000020000'), hex('88 00000003 0001 00'));
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 300 });

  // A false header in the garbage swallows what follows it, but at most one packet of the greatest size: from there
  // on every packet is found, provided that no packet holds a plausible header inside itself.
  it('finds every packet that begins a greatest packet or more behind the garbage', () => {
    fc.assert(
      fc.property(garbage, fc.array(pool, { minLength: 20, maxLength: 60 }), (before, good) => {
        const limit = 40;
        fc.pre(before[0] !== 0x16);
        const recorder = new Recorder(limit).push(before, ...good);
        let begins = 0;
        const certain = good.filter((packet) => {
          begins += packet.length;
          return begins - packet.length >= HEADER_SIZE + limit;
        });
        expect(recorder.packets.slice(-certain.length)).toEqual(certain.map(toHex));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every captured packet behind a false header that swallows the greatest packet', () => {
    const good = genuinePackets();
    const falseHeader = hex('73 0000 1000');
    const recorder = new Recorder().push(falseHeader, concatenated(good));
    let begins = 0;
    const certain = good.filter((packet) => {
      begins += packet.length;
      return begins - packet.length >= DEFAULT_BODY_LIMIT;
    });
    expect(certain.length).toBeGreaterThan(2_000);
    expect(recorder.packets.slice(-certain.length)).toEqual(certain.map(toHex));
  });

  it('can be led astray inside a captured packet at only three places, all the sequence number 0x23', () => {
    const good = genuinePackets();
    const stream = concatenated(good);
    const begins = new Set<number>();
    let at = 0;
    for (const packet of good) {
      begins.add(at);
      at += packet.length;
    }
    const astray = [...stream.keys()].filter((place) => !begins.has(place) && looksLikeHeader(stream, place));
    expect(astray.map((place) => toHex(stream.subarray(place - 1, place + 4)))).toEqual(
      new Array(3).fill('7e23000000'),
    );
  });

  it('delivers what a false header hides, once its packet is given up', () => {
    const recorder = new Recorder().push(hex('73 00000fff'), HEARTBEAT, RECEIPT);
    expect(recorder.report).toMatchObject({ packets: [], held: 22 });
    recorder.framer.abandonPartial();
    expect(recorder.report).toEqual({
      packets: [toHex(HEARTBEAT), toHex(RECEIPT)],
      lost: 5,
      tls: 0,
      held: 0,
    });
  });

  it('has found every hidden packet when giving up has left nothing held, also behind several false headers', () => {
    const falseHeaders = fc.array(fc.integer({ min: 0x400, max: DEFAULT_BODY_LIMIT }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(falseHeaders, fc.array(pool, { minLength: 1, maxLength: 20 }), (lengths, good) => {
        const headers = lengths.map((length) => Uint8Array.of(0x83, 0, 0, length >> 8, length & 0xff));
        const recorder = new Recorder().push(...headers, ...good);
        expect(recorder.packets).toEqual([]);
        for (let turn = 0; turn < headers.length; turn += 1) recorder.framer.abandonPartial();
        expect(recorder.packets).toEqual(good.map(toHex));
        expect(recorder.report).toMatchObject({ lost: 5 * headers.length, held: 0 });
      }),
    );
  });

  it('has nothing to give up when nothing is held', () => {
    const recorder = new Recorder().push(HEARTBEAT);
    recorder.framer.abandonPartial();
    expect(recorder.report).toEqual({ packets: [toHex(HEARTBEAT)], lost: 0, tls: 0, held: 0 });
  });
});

describe('lengths', () => {
  const data = (length: number): Uint8Array => {
    const packet = new Uint8Array(HEADER_SIZE + length);
    packet.set([0x73, 0, 0, length >> 8, length & 0xff]);
    return packet;
  };

  it('are limited to 4096 bytes of the body, header not counted', () => {
    expect(new Recorder().push(data(4096)).report).toMatchObject({ packets: [toHex(data(4096))], lost: 0 });
    const over = new Recorder().push(data(4097), HEARTBEAT);
    expect(over.packets).toEqual([toHex(HEARTBEAT)]);
    expect(over.discarded).toEqual({ oversize: 4102, out_of_step: 0, tls: 0 });
  });

  it('are limited as the caller says', () => {
    expect(new Recorder(20).push(data(20)).packets).toHaveLength(1);
    expect(new Recorder(20).push(data(21)).packets).toHaveLength(0);
  });

  it('above 65535 are no header, because no real packet uses the two high bytes', () => {
    const recorder = new Recorder(2 ** 20).push(hex('73 00010007'), HEARTBEAT);
    expect(recorder.packets).toEqual([toHex(HEARTBEAT)]);
    expect(recorder.discarded.out_of_step).toBe(5);
  });

  it.each(CATALOGUE.map((row) => [row.name, row.type, row.size] as const))(
    'of %s are checked against its row',
    (_, type, size) => {
      const fits = 'exactly' in size ? size.exactly : size.atLeast;
      const packet = (length: number): Uint8Array =>
        Uint8Array.of(type, 0, 0, 0, length, ...new Uint8Array(length));
      expect(new Recorder().push(packet(fits)).packets).toHaveLength(1);
      if (fits > 0) expect(new Recorder().push(packet(fits - 1)).packets).toHaveLength(0);
      const longer = new Recorder().push(packet(fits + 1)).packets;
      expect(longer).toHaveLength('exactly' in size ? 0 : 1);
    },
  );
});

describe('TLS on a plain port', () => {
  const tlsLines = (): readonly Uint8Array[] =>
    corpusLines()
      .filter((line) => line.tag === 'TLS_RECORD')
      .map((line) => line.bytes);

  it('is recognised and named in all 54 captured records, whole or byte by byte', () => {
    expect(tlsLines()).toHaveLength(54);
    for (const record of tlsLines())
      for (const sizes of [[record.length], [1]]) {
        const { report } = new Recorder().push(...chunked(record, sizes));
        expect(report).toEqual({ packets: [], lost: 0, tls: record.length, held: 0 });
      }
  });

  it('is recognised in record after record', () => {
    const stream = concatenated(tlsLines());
    expect(new Recorder().push(...chunked(stream, [100])).report).toMatchObject({
      lost: 0,
      tls: stream.length,
    });
  });

  it('is ordinary garbage once a packet was seen, so that it cannot hide the packets behind it', () => {
    const late = new Recorder().push(HEARTBEAT, hex('16 0303 ffff'), HEARTBEAT);
    expect(late.report).toEqual({ packets: [toHex(HEARTBEAT), toHex(HEARTBEAT)], lost: 5, tls: 0, held: 0 });
  });

  it('is ordinary garbage behind other garbage, in the same read or a later one', () => {
    for (const chunks of [
      [hex('ff 16 0303 ffff'), HEARTBEAT],
      [hex('ff'), hex('16 0303 ffff'), HEARTBEAT],
    ])
      expect(new Recorder().push(...chunks).report).toMatchObject({
        packets: [toHex(HEARTBEAT)],
        lost: 6,
        tls: 0,
      });
  });

  it('is ordinary garbage behind a packet that was given up', () => {
    const recorder = new Recorder().push(hex('73'));
    recorder.framer.abandonPartial();
    recorder.push(hex('16 0303 ffff'), HEARTBEAT);
    expect(recorder.report).toMatchObject({ packets: [toHex(HEARTBEAT)], tls: 0 });
  });
});

describe('packets handed out', () => {
  it('are not changed by what is read later', () => {
    const kept: Uint8Array[] = [];
    const framer = new Framer({ packet: (bytes) => kept.push(bytes), discarded: () => {} });
    framer.push(RECEIPT.slice(0, 7));
    framer.push(concatenated([RECEIPT.slice(7), HEARTBEAT.slice(0, 2)]));
    framer.push(HEARTBEAT.slice(2));
    expect(kept.map(toHex)).toEqual([toHex(RECEIPT), toHex(HEARTBEAT)]);
  });

  it('do not tie up the read buffer: what is held is a copy', () => {
    // Sockets read into Buffers, whose own slice() copies nothing.
    const chunk = Buffer.from(RECEIPT.slice(0, 7));
    const recorder = new Recorder().push(chunk);
    chunk.fill(0xff);
    expect(recorder.push(RECEIPT.slice(7)).packets).toEqual([toHex(RECEIPT)]);
  });
});
