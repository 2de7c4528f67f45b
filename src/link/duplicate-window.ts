import { v3 as murmur3 } from 'murmurhash';

export interface DuplicateSettings {
  /** Packets remembered; the one seen longest ago goes first. */
  readonly duplicateLimit: number;
  readonly duplicateTtlMs: number;
}

interface Seen {
  readonly digest: number;
  readonly at: number;
}

/**
 * Which packets of one connection came before. Only for packets that carry a running message id: the constant one
 * of a 0x43 would mark state changes as repeats (protocol 1.10). A device counts from 1 again after a power cycle,
 * so the window must not outlive the connection.
 */
export class DuplicateWindow {
  private readonly seen = new Map<number, Seen>();

  constructor(private readonly settings: DuplicateSettings) {}

  /** Remembers the packet and says whether the same one came before, within the time and number remembered. */
  isDuplicate(
    packet: { readonly type: number; readonly messageId: number; readonly raw: Uint8Array },
    at: number,
  ): boolean {
    const key = packet.type * 0x10000 + packet.messageId;
    const digest = murmur3(packet.raw, 0);
    const known = this.seen.get(key);
    // Put in again, so that the oldest is always first.
    this.seen.delete(key);
    this.seen.set(key, { digest, at });
    this.forgetOldest();
    return known?.digest === digest && at - known.at < this.settings.duplicateTtlMs;
  }

  private forgetOldest(): void {
    if (this.seen.size <= this.settings.duplicateLimit) return;
    for (const oldest of this.seen.keys()) {
      this.seen.delete(oldest);
      return;
    }
  }
}
