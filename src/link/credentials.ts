import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../kernel/secret';
import type { DeviceId } from '../kernel/device-id';

export type CredentialCheck = 'first_seen' | 'match' | 'mismatch' | 'full';

/**
 * The login secret of each device, remembered at first sight as a keyed hash: a connection that shows another one
 * is not that device. The secret itself is never kept.
 */
export class Credentials {
  private readonly hashes = new Map<DeviceId, Buffer>();

  /** `key` must be secret and stay the same over restarts. `limit` bounds how many devices are remembered. */
  constructor(
    private readonly key: Uint8Array,
    private readonly limit: number,
    private readonly onChange: () => void = () => {},
  ) {}

  /** Devices whose credential is remembered. */
  get size(): number {
    return this.hashes.size;
  }

  get deviceIds(): Iterable<DeviceId> {
    return this.hashes.keys();
  }

  check(deviceId: DeviceId, auth: Secret): CredentialCheck {
    const shown = this.hash(deviceId, auth);
    const known = this.hashes.get(deviceId);
    if (known) return timingSafeEqual(known, shown) ? 'match' : 'mismatch';
    if (this.hashes.size >= this.limit) return 'full';
    this.hashes.set(deviceId, shown);
    this.onChange();
    return 'first_seen';
  }

  /** The next secret that the device shows is believed again. False when none was remembered. */
  forget(deviceId: DeviceId): boolean {
    const known = this.hashes.delete(deviceId);
    if (known) this.onChange();
    return known;
  }

  /** For storage: device id → hash in base64. */
  export(): Record<DeviceId, string> {
    return Object.fromEntries([...this.hashes].map(([id, hash]) => [id, hash.toString('base64')]));
  }

  import(stored: Readonly<Record<DeviceId, string>>): void {
    for (const [id, hash] of Object.entries(stored)) this.hashes.set(id, Buffer.from(hash, 'base64'));
  }

  private hash(deviceId: DeviceId, auth: Secret): Buffer {
    return createHmac('sha256', this.key).update(deviceId).update(':').update(auth.expose()).digest();
  }
}
