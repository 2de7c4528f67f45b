import type { Cancel, Clock } from '../kernel/clock';
import { localZone, utcOffsetMinutes } from '../kernel/time-zone';
import type { Packet } from '../protocol/catalogue';
import { clockAnswer } from '../protocol/clock-sync';
import { decodePacket, encodePacket } from '../protocol/codec';
import type { Direction } from './live-read';
import type { PacketPort, PortUser } from './packet-port';
import { Pairing, requestClaims, type PairLabel, type SeenPacket } from './pairing';
import { answerTo, askedFor, isCommand } from './replay-answer';
import type { CapturedPacket, ReplayRole, ReplayScript, ReplayStep } from './replay-script';

export interface PlayerParts {
  readonly script: ReplayScript;
  readonly role: ReplayRole;
  readonly port: PacketPort;
  readonly clock: Clock;
  /** How many times faster than the capture; Infinity leaves out every pause. */
  readonly speed: number;
  /** How long an answer that the capture has is waited for before going on without it. */
  readonly answerTimeoutMs: number;
  /** How long the connection stays open behind its last packet. */
  readonly lingerMs: number;
}

/** What came of one connection. */
export interface PlayedScript {
  readonly script: ReplayScript;
  readonly sent: number;
  readonly received: number;
  /** Steps that were not reached, because the peer closed the connection. */
  readonly unplayed: number;
  /** What the peer asked that it had not asked in the capture; nobody answered it. */
  readonly unknownRequests: number;
  /** Commands of the peer that were answered as in the capture. */
  readonly answeredCommands: number;
  /** The answers that each of our packets got now. */
  readonly answers: ReadonlyMap<CapturedPacket, ReadonlyMap<PairLabel, Packet>>;
}

interface LivePacket extends SeenPacket {
  readonly captured?: CapturedPacket;
}

/** Plays one side of one captured connection to a live peer, and keeps what the peer answers. */
export class ReplayPlayer implements PortUser {
  private readonly own: Direction;
  private readonly pairing: Pairing<LivePacket>;
  private readonly answers = new Map<CapturedPacket, Map<PairLabel, Packet>>();
  private readonly asked = new Map<string, CapturedPacket[]>();
  private readonly timers = new Set<Cancel>();
  private readonly figures = { sent: 0, received: 0, unknownRequests: 0, answeredCommands: 0 };
  private announces = 0;
  private awaitedAnnounces = 0;
  private ended = false;
  private startedAt = 0;
  private wake: () => void = () => {};

  constructor(private readonly parts: PlayerParts) {
    this.own = parts.role === 'devices' ? 'dev_to_cloud' : 'cloud_to_dev';
    this.pairing = new Pairing({
      paired: ({ label, request, answer }) => this.onPair(label, request, answer),
    });
    for (const captured of parts.script.asked) this.learn(captured);
  }

  /** Plays to the end of the script, or of the connection. The port must have been handed over. */
  async play(): Promise<PlayedScript> {
    const { script, port, clock, lingerMs } = this.parts;
    this.startedAt = clock.now();
    const { steps } = script;
    let reached = 0;
    for (const step of steps) {
      const done = await this.perform(step);
      if (this.ended && !done) break;
      reached += 1;
    }
    await this.wait(this.timeUntil(script.durationMs) + lingerMs, () => false);
    this.closed();
    port.close();
    return { script, ...this.figures, unplayed: steps.length - reached, answers: this.answers };
  }

  packet(bytes: Uint8Array): void {
    this.figures.received += 1;
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed' || this.ended) return;
    const dir = this.own === 'dev_to_cloud' ? 'cloud_to_dev' : 'dev_to_cloud';
    this.pairing.add({ conn: '', dir, at: undefined, bytes, packet });
    if (packet.kind === 'announce') this.announces += 1;
    if (requestClaims(packet).length > 0) this.react(packet);
    this.wake();
  }

  drained(): void {
    this.wake();
  }

  closed(): void {
    this.ended = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.wake();
  }

  /** False when the step could not be done: the connection has ended, or the answer never came. */
  private async perform(step: ReplayStep): Promise<boolean> {
    const { answerTimeoutMs } = this.parts;
    if (step.kind === 'send') return this.sendInTime(step.packet);
    if (step.kind === 'await_announce') this.awaitedAnnounces += 1;
    const holds =
      step.kind === 'expect'
        ? () => this.answers.get(step.request)?.has(step.label) ?? false
        : () => this.announces >= this.awaitedAnnounces;
    await this.wait(answerTimeoutMs, holds);
    return holds();
  }

  private async sendInTime(captured: CapturedPacket): Promise<boolean> {
    const { answerTimeoutMs, port } = this.parts;
    await this.wait(this.timeUntil(captured.atMs), () => false);
    await this.wait(answerTimeoutMs, () => port.writable);
    if (this.ended) return false;
    this.send(captured.bytes, captured);
    return true;
  }

  private send(bytes: Uint8Array, captured?: CapturedPacket): void {
    if (this.ended) return;
    this.figures.sent += 1;
    const packet = decodePacket(bytes);
    // Before it is written: an answer may come within the call.
    this.pairing.add({
      conn: '',
      dir: this.own,
      at: undefined,
      bytes,
      packet,
      ...(captured && { captured }),
    });
    this.parts.port.send(bytes);
  }

  private onPair(label: PairLabel, request: LivePacket, { packet }: LivePacket): void {
    if (!request.captured || packet.kind === 'malformed') return;
    const known = this.answers.get(request.captured);
    if (known) known.set(label, packet);
    else this.answers.set(request.captured, new Map([[label, packet]]));
  }

  private learn(captured: CapturedPacket): void {
    if (captured.packet.kind === 'malformed') return;
    const key = askedFor(captured.packet);
    const known = this.asked.get(key);
    if (known) known.push(captured);
    else this.asked.set(key, [captured]);
  }

  /** Answers as the capture did; what is asked more often than there gets the last answers again. */
  private react(request: Packet): void {
    const known = this.asked.get(askedFor(request));
    const captured = known && known.length > 1 ? known.shift() : known?.[0];
    if (!captured) {
      this.figures.unknownRequests += 1;
      return;
    }
    if (isCommand(request)) this.figures.answeredCommands += 1;
    for (const { packet: answer } of captured.answers) {
      const delayMs = ((answer.at ?? 0) - (captured.at ?? 0)) / this.parts.speed;
      this.after(delayMs, () => this.answer(request, answer));
    }
  }

  private answer(request: Packet, { packet }: CapturedPacket): void {
    if (packet.kind === 'malformed') return;
    const { clock } = this.parts;
    const wallMs = clock.wallNow();
    // The captured clock would set a real device back to the day of the capture (protocol, trap 25).
    const init =
      packet.kind === 'clock_answer'
        ? clockAnswer(wallMs, utcOffsetMinutes(localZone(), wallMs))
        : answerTo(request, packet);
    this.send(encodePacket(init));
  }

  private timeUntil(atMs: number): number {
    const { clock, speed } = this.parts;
    return this.startedAt + atMs / speed - clock.now();
  }

  private after(delayMs: number, task: () => void): void {
    if (delayMs <= 0) return task();
    const cancel = this.parts.clock.after(delayMs, () => {
      this.timers.delete(cancel);
      task();
    });
    this.timers.add(cancel);
  }

  /** Resolves when the condition holds, the time is over, or the connection has ended. */
  private wait(ms: number, holds: () => boolean): Promise<void> {
    if (ms <= 0 || this.ended || holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.wake = () => {};
        resolve();
      };
      const cancel = this.parts.clock.after(ms, done);
      this.wake = () => {
        if (this.ended || holds()) done();
      };
    });
  }
}
