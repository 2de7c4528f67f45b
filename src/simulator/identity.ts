import { Secret } from '../kernel/secret';
import { formatDeviceId } from '../kernel/device-id';

/** Who a device says it is in 0x23 (protocol 2.4). */
export interface DeviceIdentity {
  readonly deviceId: number;
  readonly auth: Secret;
}

const SEED_STEP = 0x9e3779b1;
const AUTH_HIGH = 0x5bd1e995;
const AUTH_LOW = 0x1b873593;
const CHANCE = 0xcc9e2d51;

/** The identity of device number `index` of the fleet with this seed. No two of one fleet have the same id. */
export function identityOf(seed: number, index: number): DeviceIdentity {
  const deviceId = scramble(Math.imul(seed, SEED_STEP) + index);
  const digits = hex(deviceId ^ AUTH_HIGH) + hex(deviceId ^ AUTH_LOW).slice(0, 4);
  return { deviceId, auth: new Secret(Buffer.from(`1e07${digits}`, 'latin1')) };
}

/** A seed for one device's own chance, so that what other devices do does not change it. */
export function streamSeed(identity: DeviceIdentity): number {
  return scramble(identity.deviceId ^ CHANCE);
}

function hex(value: number): string {
  return formatDeviceId(scramble(value));
}

/** The finaliser of murmur3: maps the 32-bit numbers one to one onto themselves, neighbours far apart. */
function scramble(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
