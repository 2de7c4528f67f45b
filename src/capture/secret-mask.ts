import { HEADER_SIZE } from '../protocol/catalogue';
import { u32beAt } from '../protocol/cursor';
import { Framer } from '../protocol/framer';

/** What stands in place of a login secret: the beginning that all real ones share, and zeros, as in the corpus. */
const PLACEHOLDER = '1e07';
const ZERO = 0x30;

/** Types that carry a login secret, and where its length and the secret itself stand (protocol 2.2 and 2.4). */
const SECRET_TYPES: ReadonlySet<number> = new Set([0x13, 0x23]);
const LENGTH_AT = HEADER_SIZE + 5;
const SECRET_AT = HEADER_SIZE + 7;
/** What a login's body has beside the secret. */
const OTHER_FIELDS = 10;

/** Where no packet is recognised, a run of hex digits this long may be a part of a secret. */
const SUSPICIOUS = /[0-9a-fA-F]{4,}/g;

/**
 * Replaces the login secrets in one direction of one connection, read by read, and changes no length. It follows the
 * packets, because a secret may be cut by the end of a read; the bytes of an incomplete login are masked before its
 * rest has come.
 */
export class SecretMask {
  /** Packets seen so far. */
  packets = 0;
  private held: Uint8Array = new Uint8Array(0);
  private work: Uint8Array = new Uint8Array(0);
  private at = 0;
  private readonly framer = new Framer({
    packet: (bytes) => {
      this.packets += 1;
      this.pass(bytes.length, maskLogin);
    },
    // TLS hides its own secrets.
    discarded: (reason, count) => this.pass(count, reason === 'tls' ? () => {} : maskDigits),
  });

  /** Whether the last read ended inside a packet. */
  get midPacket(): boolean {
    return this.held.length > 0;
  }

  /** The read without secrets; a copy. */
  mask(read: Uint8Array): Uint8Array {
    const before = this.held.length;
    this.work = new Uint8Array(before + read.length);
    this.work.set(this.held);
    this.work.set(read, before);
    this.at = 0;
    // The framer holds the true rest, while the working copy is being masked.
    this.framer.push(read);
    this.held = this.work.slice(this.work.length - this.framer.heldBytes);
    maskLogin(this.work.subarray(this.at));
    return this.work.subarray(before);
  }

  private pass(count: number, change: (segment: Uint8Array) => void): void {
    change(this.work.subarray(this.at, this.at + count));
    this.at += count;
  }
}

/** Masks the secret of a login packet, whole or not yet whole. A body of another shape is hidden to its end. */
function maskLogin(packet: Uint8Array): void {
  if (!SECRET_TYPES.has(packet[0] ?? 0) || packet.length <= SECRET_AT) return;
  const length = ((packet[LENGTH_AT] as number) << 8) | (packet[LENGTH_AT + 1] as number);
  const fits = u32beAt(packet, 1) === OTHER_FIELDS + length;
  const end = fits ? Math.min(SECRET_AT + length, packet.length) : packet.length;
  for (let at = SECRET_AT; at < end; at += 1) {
    const digit = PLACEHOLDER.charCodeAt(at - SECRET_AT);
    packet[at] = Number.isNaN(digit) ? ZERO : digit;
  }
}

function maskDigits(garbage: Uint8Array): void {
  const text = Buffer.from(garbage).toString('latin1');
  for (const { index, 0: run } of text.matchAll(SUSPICIOUS)) garbage.fill(ZERO, index, index + run.length);
}
