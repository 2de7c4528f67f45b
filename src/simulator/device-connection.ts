import type { Clock } from '../kernel/clock';
import type { LinkEndReason } from '../kernel/facts';
import type { Duplex } from '../link/duplex';
import type { Packet, PacketInit, PacketOf } from '../protocol/catalogue';
import { decodePacket, encodePacket } from '../protocol/codec';
import { Framer } from '../protocol/framer';
import { announceAnswer } from './announce-answer';
import { AnswerOrder } from './answer-order';
import type { Chaos } from './chaos';
import { ChaosPath } from './chaos-path';
import type { Direction } from './chaos-settings';
import type { CommandDesk, Reaction } from './command-desk';
import { clockReading, type DeviceMemory } from './device-memory';
import type { DeviceIdentity } from './identity';
import type { Mesh, SimulatedNode } from './mesh';
import { receivedPacket, sentPacket } from './passing-packet';
import type { Reports } from './reports';
import { TimerGroup } from './timer-group';
import type { DrawDelays } from './timing';

/** After the handshake's answer, as captured (protocol 4.2). */
const BOOT_REPORT_MS = 100;
const CLOCK_REQUEST_MS = 500;
const DEVICE_FIRMWARE_MS = 2100;
const TELEMETRY_MS = 9000;

/** A device that has sent nothing for this long sends 0xD3: a third of the keepalive, and one second (protocol 8). */
const HEARTBEAT_IDLE_MS = 21_000;
/** Timers may be a rounding error early; a heartbeat that is due within this is due. */
const HEARTBEAT_SLACK_MS = 1;
/** A controller that left so many heartbeats in a row unanswered is gone. How many real devices allow is not known. */
const UNANSWERED_HEARTBEATS = 3;
const KEEPALIVE_SECONDS = 60;
const PROTOCOL_VERSION = 3;
const CLOCK_REQUEST_TAG = 0x0c;
/** A device's memory is small: a controller that takes nothing loses the connection. */
const SEND_LIMIT_BYTES = 65_536;

export interface DeviceConnectionParts {
  readonly duplex: Duplex;
  readonly clock: Clock;
  readonly identity: DeviceIdentity;
  readonly mesh: Mesh;
  readonly reports: Reports;
  readonly desk: CommandDesk;
  readonly memory: DeviceMemory;
  readonly drawDelays: DrawDelays;
  readonly chaos: Chaos;
  /** Its frames are escaped (protocol 2.6). */
  readonly escapesFrames: boolean;
  readonly onEnded: (connection: DeviceConnection) => void;
}

type Phase = 'introduced' | 'accepted' | 'announced' | 'ended';

/** One connection of a device, from its 0x23 to its end. Message ids of its own 0x73 packets begin at 0 with it. */
export class DeviceConnection {
  private phase: Phase = 'introduced';
  private nextMessageId = 0;
  private lastSentAt = 0;
  private unansweredHeartbeats = 0;
  private readonly order = new AnswerOrder();
  private readonly timers: TimerGroup;
  private readonly framer: Framer;
  private readonly inbound: ChaosPath;
  private readonly outbound: ChaosPath;

  constructor(private readonly parts: DeviceConnectionParts) {
    this.timers = new TimerGroup(parts.clock);
    this.inbound = this.path('to_device', (bytes) => this.onBytes(bytes));
    this.outbound = this.path('from_device', (bytes) => this.write(bytes));
    this.framer = new Framer({
      packet: (bytes) => this.inbound.pass(bytes, () => receivedPacket(bytes)),
      discarded: () => {},
    });
  }

  /** Whether the controller has announced itself, so that commands are taken. */
  get isReady(): boolean {
    return this.phase === 'announced';
  }

  start(): void {
    const { duplex, identity } = this.parts;
    duplex.attach({
      data: (chunk) => this.framer.push(chunk),
      drained: () => {},
      closed: () => this.end('peer_closed'),
    });
    this.send({
      kind: 'handshake',
      version: PROTOCOL_VERSION,
      deviceId: identity.deviceId,
      auth: identity.auth,
      flags: 0,
      keepaliveSeconds: KEEPALIVE_SECONDS,
    });
  }

  /** Closes the connection; nothing more is sent. */
  end(reason: LinkEndReason): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.timers.clear();
    this.parts.duplex.close(reason);
    this.parts.onEnded(this);
  }

  private onBytes(bytes: Uint8Array): void {
    if (this.phase === 'ended') return;
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed') return;
    if (this.phase !== 'introduced') this.onPacket(packet);
    else if (packet.kind === 'handshake_answer' && packet.result === 0) this.onAccepted();
  }

  private onPacket(packet: Packet): void {
    const { memory, clock } = this.parts;
    switch (packet.kind) {
      case 'announce':
        return this.onAnnounce(packet);
      case 'data':
        return this.onData(packet);
      case 'clock_answer':
        memory.clock = clockReading(packet, clock.now());
        return;
      case 'heartbeat_answer':
        this.unansweredHeartbeats = 0;
        return;
      case 'status_answer':
        memory.acknowledged.statuses += 1;
        return;
      case 'datapoints_answer':
        memory.acknowledged.datapoints += 1;
        return;
      default:
        // The rest asks nothing of a device.
        return;
    }
  }

  private onAccepted(): void {
    this.phase = 'accepted';
    this.watchIdle();
    const { memory, reports } = this.parts;
    if (memory.justPoweredUp) {
      memory.justPoweredUp = false;
      this.timers.after(BOOT_REPORT_MS, () =>
        this.sendAll([reports.counters(), reports.firmware('network')]),
      );
      this.timers.after(DEVICE_FIRMWARE_MS, () => this.send(reports.firmware('device')));
    }
    this.timers.after(CLOCK_REQUEST_MS, () => this.send({ kind: 'clock_request', tag: CLOCK_REQUEST_TAG }));
    this.timers.after(TELEMETRY_MS, () => this.sendTelemetry());
  }

  private onAnnounce(packet: PacketOf<'announce'>): void {
    this.send(announceAnswer(packet));
    if (this.phase === 'announced') return;
    this.phase = 'announced';
    this.sendAll(this.parts.reports.burst());
  }

  private onData(packet: PacketOf<'data'>): void {
    const { desk, clock, drawDelays } = this.parts;
    if (this.phase !== 'announced') return desk.tooEarly();
    const { deviceId, messageId, flag } = packet;
    const reaction = desk.handle(packet.inner, messageId);
    const now = clock.now();
    const times = this.order.after(now, drawDelays());
    this.timers.after(times.receiptAt - now, () =>
      this.send({ kind: 'receipt', deviceId, messageId, flag }, messageId),
    );
    if (reaction.replies.length === 0) return;
    this.timers.after(times.replyAt - now, () => this.reply(packet, reaction));
    if (reaction.changed.length === 0) return;
    this.timers.after(times.statusAt - now, () => this.reportChange(reaction));
  }

  /** A reply names the id that the command named: through the cloud that is not the device's own (protocol 2.3). */
  private reply(to: PacketOf<'data'>, { replies }: Reaction): void {
    for (const inner of replies) {
      const { deviceId } = to;
      this.send({ kind: 'data', deviceId, messageId: this.nextMessageId, flag: 0, inner }, to.messageId);
      this.nextMessageId = (this.nextMessageId + 1) & 0xffff;
    }
  }

  private reportChange({ changed, sequence }: Reaction): void {
    const { mesh, reports } = this.parts;
    const nodes = changed.map((number) => mesh.node(number)).filter((node) => node !== undefined);
    this.sendAll(nodes.map((node: SimulatedNode) => reports.nodeStatus(node, sequence)));
    this.send(reports.nodes(nodes));
  }

  /** Without a clock it has no date to write, and writes nothing. */
  private sendTelemetry(): void {
    const { memory, clock, reports } = this.parts;
    if (!memory.clock) return;
    this.send(reports.telemetry(memory.clock.localMs + clock.now() - memory.clock.atMs));
  }

  /** One timer, looked at again when it fires: moving it with every packet sent would cost more than the packet. */
  private watchIdle(): void {
    const restMs = this.lastSentAt + HEARTBEAT_IDLE_MS - this.parts.clock.now();
    if (restMs > HEARTBEAT_SLACK_MS) this.timers.after(restMs, () => this.watchIdle());
    else this.heartbeat();
  }

  private heartbeat(): void {
    if (this.unansweredHeartbeats >= UNANSWERED_HEARTBEATS) return this.end('silent');
    this.unansweredHeartbeats += 1;
    this.send({ kind: 'heartbeat' });
    this.timers.after(HEARTBEAT_IDLE_MS, () => this.watchIdle());
  }

  private sendAll(packets: readonly PacketInit[]): void {
    for (const packet of packets) this.send(packet);
  }

  /** `cause` is the message id of the command that the packet answers, if it answers one. */
  private send(packet: PacketInit, cause?: number): void {
    if (this.phase === 'ended') return;
    this.lastSentAt = this.parts.clock.now();
    const bytes = encodePacket(this.parts.escapesFrames ? withEscapedFrame(packet) : packet);
    this.outbound.pass(bytes, () => sentPacket(packet, cause));
  }

  private write(bytes: Uint8Array): void {
    if (this.phase === 'ended') return;
    const { duplex } = this.parts;
    duplex.write(bytes);
    if (duplex.pendingBytes > SEND_LIMIT_BYTES) this.end('send_buffer_full');
  }
  private path(direction: Direction, deliver: (bytes: Uint8Array) => void): ChaosPath {
    const { chaos, clock } = this.parts;
    const cut = (): void => this.end('socket_error');
    return new ChaosPath({ direction, chaos, clock, timers: this.timers, deliver, cut });
  }
}

function withEscapedFrame(packet: PacketInit): PacketInit {
  return 'inner' in packet ? { ...packet, inner: { ...packet.inner, escaped: true } } : packet;
}
