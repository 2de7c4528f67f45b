import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { captureRecord } from '../../src/capture/capture-line';
import { fromHex } from '../../src/protocol/hex';
import { Framer } from '../../src/protocol/framer';

const corpusRecord = captureRecord.required().extend({
  source: z.string(),
  name: z.string().optional(),
  /** The line is one captured read as it was, which may hold several packets. */
  read: z.boolean().optional(),
  tag: z.enum(['INJECTED', 'TLS_RECORD']).optional(),
  role: z.enum(['app', 'device']).optional(),
  origin: z.string().optional(),
  /** False: somebody made the packet up. */
  seen_in_capture: z.boolean().optional(),
});

/** A line of the corpus, with its place and its bytes. */
export interface CorpusLine extends z.infer<typeof corpusRecord> {
  readonly file: string;
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** Where the captures are: `POINTSMAN_CORPUS`, or the folder that lies beside the project. */
function corpusFolder(): string {
  return process.env.POINTSMAN_CORPUS ?? resolve(__dirname, '../../../shared/captures');
}

/** The corpus files in order of name. Without them the calling test fails with a sentence that says what to do. */
export function corpusFiles(): readonly string[] {
  const folder = corpusFolder();
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  if (names.length === 0)
    throw new Error(
      `no captures (*.jsonl) in ${folder}: put the corpus there or name its folder in POINTSMAN_CORPUS`,
    );
  return names.sort().map((name) => join(folder, name));
}

/** Every line of every file. */
export function corpusLines(): readonly CorpusLine[] {
  return corpusFiles().flatMap(linesOf);
}

function linesOf(path: string): CorpusLine[] {
  const file = basename(path);
  const texts = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return texts.map((text, index) => {
    const record = corpusRecord.parse(JSON.parse(text));
    const bytes = fromHex(record.hex);
    if (!bytes) throw new Error(`${file}:${index + 1} has no hex`);
    return { ...record, file, line: index + 1, bytes };
  });
}

/** Whether real equipment sent these bytes and they are the protocol's: not invented, not injected, not TLS. */
function isGenuine(line: CorpusLine): boolean {
  return line.seen_in_capture !== false && line.tag === undefined;
}

/** The genuine lines of the corpus. */
export function genuineLines(): readonly CorpusLine[] {
  return corpusLines().filter(isGenuine);
}

/** The packets of one read. Throws when the read holds anything else, so that no test counts less than it claims. */
export function packetsOf(read: Uint8Array): readonly Uint8Array[] {
  const packets: Uint8Array[] = [];
  const framer = new Framer({
    packet: (bytes) => packets.push(bytes),
    discarded: (reason, count) => {
      throw new Error(`${count} bytes discarded: ${reason}`);
    },
  });
  framer.push(read);
  if (framer.heldBytes > 0) throw new Error(`${framer.heldBytes} bytes left over`);
  return packets;
}

/** Every packet of the genuine reads, in order. */
export function genuinePackets(): readonly Uint8Array[] {
  return genuineLines().flatMap((line) => packetsOf(line.bytes));
}

/** One packet of every type that the genuine corpus has: the longest of each, for streams that show every shape. */
export function onePacketPerType(): readonly Uint8Array[] {
  const byType = new Map<number, Uint8Array>();
  for (const packet of genuinePackets()) {
    const type = packet[0] as number;
    if (packet.length > (byType.get(type)?.length ?? 0)) byType.set(type, packet);
  }
  return [...byType.values()];
}
