import type { PacketOf } from '../protocol/catalogue';
import { AppError } from '../kernel/errors';
import { CaptureDecoder } from './capture-decoder';
import type { CaptureRead } from './capture-line';
import { instantOf } from './capture-time';
import type { Direction } from './live-read';
import { answerClaims, Pairing, requestClaims, type Pair, type PairLabel, type SeenPacket } from './pairing';

/** Whom the replay stands for. */
export const REPLAY_ROLES = ['devices', 'controller'] as const;
export type ReplayRole = (typeof REPLAY_ROLES)[number];

/** A packet of the capture in its place. */
export interface CapturedPacket extends SeenPacket {
  /** Milliseconds since the first packet of its connection. */
  readonly atMs: number;
  /** The answers that it got in the capture. */
  readonly answers: CapturedAnswer[];
}

export interface CapturedAnswer {
  readonly label: PairLabel;
  readonly packet: CapturedPacket;
}

/** What the player does, in the order of the capture. */
export type ReplayStep =
  | { readonly kind: 'send'; readonly packet: CapturedPacket }
  /** The peer answered one of our packets here; what follows may depend on it. */
  | { readonly kind: 'expect'; readonly label: PairLabel; readonly request: CapturedPacket }
  /** The controller announced itself here, which a device waits for (protocol 4.2). */
  | { readonly kind: 'await_announce' };

/** One connection of the capture, as one side of it lived it. */
export interface ReplayScript {
  readonly conn: string;
  /** Of the device that logged in, where the capture shows it. */
  readonly deviceId: number | undefined;
  /** When it began, in milliseconds since the capture did. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly steps: readonly ReplayStep[];
  /** What the peer asked, with the answers of the side that is played. */
  readonly asked: readonly CapturedPacket[];
}

interface Connection {
  readonly conn: string;
  readonly startAt: number;
  readonly packets: CapturedPacket[];
}

/** The whole capture is held in memory while it is played. */
const MAX_PACKETS = 1_000_000;

/** Collects a capture and makes scripts of it. Only whole packets are played. */
export class ReplayScripts {
  private readonly connections = new Map<string, Connection>();
  private readonly pairing = new Pairing<CapturedPacket>({
    paired: (pair) => this.onPair(pair),
    further: (pair) => pair.request.answers.push({ label: pair.label, packet: pair.answer }),
  });
  private readonly answered = new Map<CapturedPacket, Pair<CapturedPacket>[]>();
  private packets = 0;
  private startAt: number | undefined;
  private lastAt = 0;

  /** The reads of one file; `file` keeps the connections of several files apart. */
  async addFile(file: string, reads: AsyncIterable<CaptureRead>): Promise<void> {
    const decoder = new CaptureDecoder((event) => {
      if (event.kind === 'packet') this.add(file, event);
    });
    for await (const read of reads) decoder.read(read);
    decoder.finish();
  }

  /** One script per connection, in the order in which they began. */
  scripts(role: ReplayRole): readonly ReplayScript[] {
    return [...this.connections.values()].map((connection) => this.scriptOf(connection, role));
  }

  private add(
    file: string,
    { read, bytes, packet }: { read: CaptureRead; bytes: Uint8Array; packet: SeenPacket['packet'] },
  ): void {
    this.packets += 1;
    if (this.packets > MAX_PACKETS)
      throw new AppError('input.invalid', `${file}: more than ${MAX_PACKETS} packets to replay at once`);
    if (read.dir === undefined)
      throw new AppError('input.invalid', `${file} does not say who sent what, so it cannot be replayed`);
    // A read without a time happened when the one before it did.
    const at = instantOf(read.ts) ?? this.lastAt;
    this.lastAt = at;
    this.startAt ??= at;
    const connection = this.connectionOf(`${file} ${read.conn}`, at);
    if (read.conn === '' && packet.kind === 'handshake') refuseSecond(file, connection);
    const captured: CapturedPacket = {
      conn: connection.conn,
      dir: read.dir,
      at,
      atMs: Math.max(at - connection.startAt, 0),
      bytes: new Uint8Array(bytes),
      packet,
      answers: [],
    };
    connection.packets.push(captured);
    this.pairing.add(captured);
  }

  private connectionOf(conn: string, startAt: number): Connection {
    const known = this.connections.get(conn);
    if (known) return known;
    const connection: Connection = { conn, startAt, packets: [] };
    this.connections.set(conn, connection);
    return connection;
  }

  private onPair(pair: Pair<CapturedPacket>): void {
    pair.request.answers.push({ label: pair.label, packet: pair.answer });
    const pairs = this.answered.get(pair.answer);
    if (pairs) pairs.push(pair);
    else this.answered.set(pair.answer, [pair]);
  }

  private scriptOf({ conn, startAt, packets }: Connection, role: ReplayRole): ReplayScript {
    const own: Direction = role === 'devices' ? 'dev_to_cloud' : 'cloud_to_dev';
    const login = packets.find(isLogin);
    return {
      conn,
      deviceId: login?.packet.deviceId,
      startMs: startAt - (this.startAt ?? startAt),
      durationMs: packets.at(-1)?.atMs ?? 0,
      steps: packets.flatMap((packet) => this.stepsOf(packet, own)),
      asked: packets.filter((packet) => packet.dir !== own && asks(packet)),
    };
  }

  private stepsOf(captured: CapturedPacket, own: Direction): readonly ReplayStep[] {
    const pairs = this.answered.get(captured) ?? [];
    // What answers something is sent when that is asked; what answers nothing that was seen would answer nothing again.
    if (captured.dir === own) return answers(captured) ? [] : [{ kind: 'send', packet: captured }];
    if (captured.packet.kind === 'announce') return [{ kind: 'await_announce' }];
    return pairs.map(({ label, request }) => ({ kind: 'expect', label, request }));
  }
}

function refuseSecond(file: string, { packets }: Connection): void {
  if (packets.some(isLogin))
    throw new AppError(
      'input.invalid',
      `${file} does not tell connections apart ("conn" is empty) and holds several devices, so it cannot be replayed`,
    );
}

function isLogin(
  captured: CapturedPacket,
): captured is CapturedPacket & { readonly packet: PacketOf<'handshake'> } {
  return captured.packet.kind === 'handshake';
}

function asks({ packet }: CapturedPacket): boolean {
  return packet.kind !== 'malformed' && requestClaims(packet).length > 0;
}

function answers({ packet }: CapturedPacket): boolean {
  return packet.kind !== 'malformed' && answerClaims(packet).length > 0;
}
