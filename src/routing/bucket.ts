import { v3 as murmur3 } from 'murmurhash';

/** Buckets in all: one for each 0.001 % of the fleet. */
export const BUCKETS = 100_000;
const HASH_RANGE = 2 ** 32;

/**
 * `floor(murmur3_32(utf8(salt + ":" + deviceId), seed 0) × 100000 / 2^32)`. Golden vectors: docs/routing.md.
 * The bytes go into one buffer that is used again: the hash's own string form builds two objects per call and is
 * three times as slow.
 */
export class Bucketer {
  private readonly prefixLength: number;
  private readonly bytes: Uint8Array;

  constructor(salt: string) {
    const prefix = new TextEncoder().encode(`${salt}:`);
    this.prefixLength = prefix.length;
    this.bytes = new Uint8Array(prefix.length + DEVICE_ID_LENGTH);
    this.bytes.set(prefix);
  }

  /** 0…99999. `deviceId` must be a device id, 8 ASCII characters. */
  bucketOf(deviceId: string): number {
    const { bytes, prefixLength } = this;
    for (let at = 0; at < DEVICE_ID_LENGTH; at += 1) bytes[prefixLength + at] = deviceId.charCodeAt(at);
    return Math.floor((murmur3(bytes, 0) * BUCKETS) / HASH_RANGE);
  }
}

const DEVICE_ID_LENGTH = 8;
