/** A device that a replica knows, and what it knows of it. */
export interface KnownMember {
  /** 8 hex digits. */
  readonly deviceId: string;
  /** The plan gives it to the new transport; undefined: to legacy. */
  readonly moved: { readonly spoken: boolean; readonly decided: boolean } | undefined;
}

/** Devices of a sample, by number, and what is known of each as bits. */
export interface DeviceSample {
  /** One in `2 ** level` devices is in it: the same ones in every sample of that level, whoever takes it. */
  readonly level: number;
  readonly flags: ReadonlyMap<number, number>;
}

export const SPOKEN = 1;
export const DECIDED = 2;
/** Of any transport, since the start of the process that tells of it. */
export const HEARD = 4;
/** So many levels leave one device of a million. */
const MAX_LEVEL = 20;
const BYTES_EACH = 5;
const BASE64 = /^[A-Za-z0-9+/]*=?=?$/;

/** As many of `devices` as `limit` allows: all of them, or every second, fourth, eighth by a hash of the device. */
export function sampleOf(devices: ReadonlyMap<number, number>, limit: number): DeviceSample {
  let sample: DeviceSample = { level: 0, flags: devices };
  while (sample.flags.size > limit && sample.level < MAX_LEVEL) sample = thinned(sample, sample.level + 1);
  return sample;
}

/** One sample of all: a device that is in several is in it once, with all that any of them knows of it. */
export function united(samples: readonly DeviceSample[]): DeviceSample {
  const level = Math.max(0, ...samples.map((sample) => sample.level));
  const flags = new Map<number, number>();
  for (const sample of samples)
    for (const [device, bits] of thinned(sample, level).flags)
      flags.set(device, (flags.get(device) ?? 0) | bits);
  return { level, flags };
}

/** How many devices there are, by what the sample holds; `bit`: only those that have it. */
export function estimate({ level, flags }: DeviceSample, bit?: number): number {
  let count = 0;
  for (const bits of flags.values()) if (bit === undefined || (bits & bit) !== 0) count += 1;
  return count * 2 ** level;
}

export function encoded({ flags }: DeviceSample): string {
  const bytes = Buffer.alloc(flags.size * BYTES_EACH);
  let at = 0;
  for (const [device, bits] of flags) {
    bytes.writeUInt32BE(device, at);
    bytes.writeUInt8(bits, at + 4);
    at += BYTES_EACH;
  }
  return bytes.toString('base64');
}

/** Undefined for what is no sample of that level: another version of the program may have written it. */
export function decoded(level: number, text: string): DeviceSample | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % BYTES_EACH !== 0) return undefined;
  const flags = new Map<number, number>();
  for (let at = 0; at < bytes.length; at += BYTES_EACH)
    flags.set(bytes.readUInt32BE(at), bytes.readUInt8(at + 4) & (SPOKEN | DECIDED | HEARD));
  return { level, flags };
}

function thinned({ level, flags }: DeviceSample, to: number): DeviceSample {
  if (to <= level) return { level, flags };
  return { level: to, flags: new Map([...flags].filter(([device]) => mixed(device) % 2 ** to === 0)) };
}

/** Ids are often given in a row, so their own last bits would choose badly. MurmurHash3's finish. */
function mixed(device: number): number {
  let hash = device;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
