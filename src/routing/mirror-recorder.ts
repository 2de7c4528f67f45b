import type { Clock } from '../kernel/clock';
import type { DeviceId } from '../kernel/device-id';
import type { Fact, PacketFact } from '../kernel/facts';
import { LiveRecording, type RecordingSubject } from './live-recording';

const DATA_TYPE = 0x73;
const RECEIPT_TYPE = 0x7b;
/** What legacy writes, always. */
const LEGACY_MESSAGE_ID = 0;
/** Where a pipe packet says who speaks, and the value of a reply (protocol 2.6). */
const DIRECTION_AT = 17;
const REPLY = 0xf9;
/** A reply to a command has 24 bytes; what is much longer is a page of a mesh and answers a query. */
const MAX_REPLY_BYTES = 64;
/** Forgotten in passing with each command, so that no timer is needed. */
const FORGET_AT_ONCE = 4;
/** Commands of one device whose receipt may still come; beyond it the oldest is not waited for. */
const MAX_OWING = 32;

/** Of one device: the command that is under way, and those whose receipt may still come. */
interface Ear {
  live: LiveRecording;
  owing: LiveRecording[];
}

/**
 * Listens to the packets of devices whose commands are shadowed. It hears what everybody is told, by facts: it has no
 * link and is in nobody's way.
 */
export class MirrorRecorder {
  private readonly ears = new Map<DeviceId, Ear>();

  constructor(
    private readonly clock: Clock,
    private readonly heardLimit: number,
  ) {}

  /** Devices that are listened to. */
  get size(): number {
    return this.ears.size;
  }

  /** From here on. Call before the command is delivered. */
  begin(subject: RecordingSubject): LiveRecording {
    this.forget();
    const recording = new LiveRecording(subject, this.heardLimit);
    const owing = this.ears.get(subject.deviceId)?.owing.filter((former) => this.isAwaited(former)) ?? [];
    // The longest untouched come first in the map, and are forgotten first.
    this.ears.delete(subject.deviceId);
    this.ears.set(subject.deviceId, { live: recording, owing: [...owing, recording].slice(-MAX_OWING) });
    return recording;
  }

  /** The recording is sealed. What it is still owed is remembered until its deadline. */
  end(recording: LiveRecording): void {
    const { deviceId } = recording.subject;
    const ear = this.ears.get(deviceId);
    if (ear?.live === recording && this.mayForget(ear)) this.ears.delete(deviceId);
  }

  see(fact: Fact): void {
    if (this.ears.size === 0) return;
    if (fact.kind === 'packet') this.packet(fact);
    else if (fact.kind === 'link_ended') this.ears.get(fact.deviceId)?.live.lose(this.clock.now());
  }

  private packet(fact: PacketFact): void {
    if (fact.type !== DATA_TYPE && fact.type !== RECEIPT_TYPE) return;
    const ear = this.ears.get(fact.deviceId);
    if (!ear) return;
    const at = this.clock.now();
    if (fact.direction === 'sent') this.sent(ear, fact, at);
    else if (fact.type === RECEIPT_TYPE) this.receipt(ear, fact, at);
    else if (fact.raw[DIRECTION_AT] === REPLY && fact.raw.length <= MAX_REPLY_BYTES)
      ear.live.hear(fact.raw, at);
  }

  private sent(ear: Ear, { type, transport, messageId, raw }: PacketFact, at: number): void {
    if (type === DATA_TYPE && transport === 'legacy' && messageId === LEGACY_MESSAGE_ID)
      ear.live.write(raw, at);
  }

  /** Legacy's receipts all look alike: each belongs to the oldest command that still lacks one, as on the link. */
  private receipt(ear: Ear, { messageId, raw }: PacketFact, at: number): void {
    if (messageId !== LEGACY_MESSAGE_ID) return;
    ear.owing = ear.owing.filter((recording) => this.isAwaited(recording));
    (ear.owing.shift() ?? ear.live).hear(raw, at);
  }

  private isAwaited({ subject }: LiveRecording): boolean {
    return subject.deadlineAt > this.clock.now();
  }

  private mayForget({ live, owing }: Ear): boolean {
    return live.isSealed && !owing.some((recording) => this.isAwaited(recording));
  }

  private forget(): void {
    let looked = 0;
    for (const [deviceId, ear] of this.ears) {
      if (++looked > FORGET_AT_ONCE || !this.mayForget(ear)) return;
      this.ears.delete(deviceId);
    }
  }
}
