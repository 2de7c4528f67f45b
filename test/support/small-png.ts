import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;
/** So many are the most frequent ones; the rest are unlike any of them. */
const COMMON = 176;
const APART = 24 ** 2;
const TRUE_COLOUR = 2;
const TRUE_COLOUR_ALPHA = 6;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly pixels: Uint8Array;
}

/** The same picture with 256 colours: a page of flat areas and text needs no more, and takes a quarter of the space. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = read(png);
  const palette = paletteOf(pixels);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0, from = 0, to = 0; y < height; y += 1) {
    to += 1;
    for (let x = 0; x < width; x += 1, from += 3, to += 1) rows[to] = palette.indexOf(colourAt(pixels, from));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Buffer.from(palette.colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function paletteOf(pixels: Uint8Array) {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = colourAt(pixels, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
  const kept = colours.slice(0, COMMON);
  // A small sign in a colour of its own would be lost among the many shades of text.
  for (const colour of colours.slice(COMMON)) {
    if (kept.length === COLOURS) break;
    if (distance(kept[nearest(kept, colour)] as number, colour) > APART) kept.push(colour);
  }
  const indexes = new Map(kept.map((colour, at) => [colour, at]));
  for (const colour of colours) if (!indexes.has(colour)) indexes.set(colour, nearest(kept, colour));
  return { colours: kept, indexOf: (colour: number) => indexes.get(colour) as number };
}

function nearest(colours: readonly number[], wanted: number): number {
  let [best, least] = [0, Infinity];
  for (let at = 0; at < colours.length; at += 1) {
    const apart = distance(colours[at] as number, wanted);
    if (apart < least) [best, least] = [at, apart];
  }
  return best;
}

/** Squared. Plain arithmetic: it is asked for every rare colour of a picture. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return red * red + green * green + blue * blue;
}

function colourAt(pixels: Uint8Array, at: number): number {
  return ((pixels[at] as number) << 16) | ((pixels[at + 1] as number) << 8) | (pixels[at + 2] as number);
}

/** What Chromium writes: eight bits a channel, not interlaced. */
function read(png: Buffer): Picture {
  const parts: Buffer[] = [];
  let header: Buffer = Buffer.alloc(0);
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const kind = header[9];
  if (kind !== TRUE_COLOUR && kind !== TRUE_COLOUR_ALPHA) throw new Error(`colour type ${kind}`);
  const channels = kind === TRUE_COLOUR ? 3 : 4;
  const raw = unfiltered(inflateSync(Buffer.concat(parts)), {
    width: width * channels,
    height,
    step: channels,
  });
  if (channels === 3) return { width, height, pixels: raw };
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) pixels.set(raw.subarray(at * 4, at * 4 + 3), at * 3);
  return { width, height, pixels };
}

/** Each line of a PNG says how its bytes were guessed from their neighbours (PNG specification, section 9). */
function unfiltered(
  lines: Buffer,
  { width, height, step }: { readonly width: number; readonly height: number; readonly step: number },
): Uint8Array {
  const out = new Uint8Array(width * height);
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (out[y * width + x] as number));
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (width + 1)] as number;
    for (let x = 0; x < width; x += 1) {
      const [left, up, corner] = [at(x - step, y), at(x, y - 1), x < step ? 0 : at(x - step, y - 1)];
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
      out[y * width + x] = (lines[y * (width + 1) + 1 + x] as number) + (guesses[filter] as number);
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
