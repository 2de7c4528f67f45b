import { OPCODE } from '../protocol/actions';
import type { Packet, PacketName, PacketOf } from '../protocol/catalogue';
import type { Decoded } from '../protocol/codec';
import { REPLY, REQUEST, type InnerFrame } from '../protocol/inner-frame';
import type { CaptureRead } from './capture-line';

/** A packet of a capture, or of a live connection, as far as pairing needs it. */
export interface SeenPacket {
  readonly conn: string;
  readonly dir: CaptureRead['dir'];
  /** Milliseconds; undefined where the capture does not say. */
  readonly at: number | undefined;
  readonly bytes: Uint8Array;
  readonly packet: Decoded;
}

/** The pairs that the protocol knows: what is asked, and by what it is answered (protocol 5.1). */
export const PAIR_LABELS = [
  '0x13→0x18',
  '0x23→0x28',
  '0x43→0x48',
  '0x73→0x7B',
  '0x73→0x78',
  'F8→F9',
  '0x83→0x88',
  '0xA3→0xAB',
  '0xA3→0xA8',
  '0xC3→0xC8',
  '0xD3→0xD8',
] as const;
export type PairLabel = (typeof PAIR_LABELS)[number];

/** A request and the answer that belongs to it. */
export interface Pair<Seen extends SeenPacket> {
  readonly label: PairLabel;
  readonly request: Seen;
  readonly answer: Seen;
}

export interface PairingHandlers<Seen extends SeenPacket> {
  paired(pair: Pair<Seen>): void;
  /** One more answer to a request that has had one: a mesh of many nodes answers with several pages. */
  further?(pair: Pair<Seen>): void;
  /** A request that nothing answered, or an answer that nothing had asked for. */
  unmatched?(side: 'request' | 'answer', label: PairLabel, seen: Seen): void;
}

/** One side of a pair. `optional`: the other side may be missing without anything being wrong. */
interface Claim {
  readonly label: PairLabel;
  readonly key: string;
  readonly optional?: boolean;
}

interface Waiting<Seen extends SeenPacket> {
  readonly seen: Seen;
  readonly claim: Claim;
}

interface Talk<Seen extends SeenPacket> {
  readonly waiting: Map<string, Waiting<Seen>[]>;
  /** The last requests that have had a reply. */
  readonly replied: Map<string, Seen>;
  count: number;
}

/** Requests that wait on one connection at once; beyond that the oldest counts as unanswered. */
const MAX_WAITING = 4096;
const MAX_REPLIED = 256;
const MAX_CONNECTIONS = 20_000;

/**
 * Finds the answer to each request of a connection: by id where the protocol has one, in order where it has none
 * (protocol 5.1). Requests of the two directions are kept apart, because both ends number their own.
 */
export class Pairing<Seen extends SeenPacket> {
  private readonly talks = new Map<string, Talk<Seen>>();

  constructor(private readonly handlers: PairingHandlers<Seen>) {}

  add(seen: Seen): void {
    const { packet } = seen;
    if (packet.kind === 'malformed') return;
    const talk = this.talkOf(seen.conn);
    for (const claim of answerClaims(packet)) this.answer(talk, seen, claim);
    for (const claim of requestClaims(packet)) this.request(talk, seen, claim);
  }

  /** Whatever still waits has no answer. */
  finish(): void {
    for (const conn of [...this.talks.keys()]) this.forget(conn);
  }

  private request(talk: Talk<Seen>, seen: Seen, claim: Claim): void {
    const key = `${seen.dir ?? ''} ${claim.label} ${claim.key}`;
    const queue = talk.waiting.get(key);
    if (queue) queue.push({ seen, claim });
    else talk.waiting.set(key, [{ seen, claim }]);
    talk.count += 1;
    if (talk.count > MAX_WAITING) this.dropOldest(talk);
  }

  private answer(talk: Talk<Seen>, answer: Seen, claim: Claim): void {
    const key = `${otherWay(answer.dir)} ${claim.label} ${claim.key}`;
    const waiting = this.shift(talk, key);
    const before = talk.replied.get(key);
    const { label } = claim;
    if (waiting) {
      if (label === 'F8→F9') remember(talk.replied, key, waiting.seen);
      this.handlers.paired({ label, request: waiting.seen, answer });
    } else if (before) {
      this.handlers.further?.({ label, request: before, answer });
    } else {
      this.handlers.unmatched?.('answer', label, answer);
    }
  }

  private shift(talk: Talk<Seen>, key: string): Waiting<Seen> | undefined {
    const queue = talk.waiting.get(key);
    const first = queue?.shift();
    if (queue?.length === 0) talk.waiting.delete(key);
    if (first) talk.count -= 1;
    return first;
  }

  private dropOldest(talk: Talk<Seen>): void {
    const [key] = talk.waiting.keys();
    const waiting = key === undefined ? undefined : this.shift(talk, key);
    if (waiting) this.unanswered(waiting);
  }

  private unanswered({ seen, claim }: Waiting<Seen>): void {
    if (!claim.optional) this.handlers.unmatched?.('request', claim.label, seen);
  }

  private talkOf(conn: string): Talk<Seen> {
    const known = this.talks.get(conn);
    if (known) return known;
    const [oldest] = this.talks.keys();
    if (oldest !== undefined && this.talks.size >= MAX_CONNECTIONS) this.forget(oldest);
    const talk: Talk<Seen> = { waiting: new Map(), replied: new Map(), count: 0 };
    this.talks.set(conn, talk);
    return talk;
  }

  private forget(conn: string): void {
    for (const queue of this.talks.get(conn)?.waiting.values() ?? [])
      for (const waiting of queue) this.unanswered(waiting);
    this.talks.delete(conn);
  }
}

function remember<Seen>(replied: Map<string, Seen>, key: string, request: Seen): void {
  const [oldest] = replied.keys();
  if (oldest !== undefined && replied.size >= MAX_REPLIED) replied.delete(oldest);
  replied.set(key, request);
}

function otherWay(dir: SeenPacket['dir']): string {
  if (dir === undefined) return '';
  return dir === 'dev_to_cloud' ? 'cloud_to_dev' : 'dev_to_cloud';
}

type Labels = Readonly<Partial<Record<PacketName, PairLabel>>>;

/** Requests and answers without a number: they are matched in order. */
const ORDERED_REQUESTS: Labels = {
  app_login: '0x13→0x18',
  handshake: '0x23→0x28',
  datapoints: '0x43→0x48',
  clock_request: '0xC3→0xC8',
  heartbeat: '0xD3→0xD8',
};
const ORDERED_ANSWERS: Labels = {
  app_login_answer: '0x13→0x18',
  handshake_answer: '0x23→0x28',
  datapoints_answer: '0x43→0x48',
  clock_answer: '0xC3→0xC8',
  heartbeat_answer: '0xD3→0xD8',
};
/** Answers that repeat the id and the message id of their request. */
const NUMBERED_ANSWERS: Labels = {
  receipt: '0x73→0x7B',
  relay_result: '0x73→0x78',
  announce_answer: '0xA3→0xAB',
  announce_result: '0xA3→0xA8',
};

/** What a packet asks. */
export function requestClaims(packet: Packet): readonly Claim[] {
  const ordered = ORDERED_REQUESTS[packet.kind];
  if (ordered) return [{ label: ordered, key: '' }];
  switch (packet.kind) {
    case 'data':
      return dataClaims(packet);
    case 'status':
      return [{ label: '0x83→0x88', key: String(packet.messageId) }];
    case 'announce':
      return [
        { label: '0xA3→0xAB', key: pipeKey(packet) },
        { label: '0xA3→0xA8', key: pipeKey(packet), optional: true },
      ];
    default:
      return [];
  }
}

/** A reply of a device needs no receipt: the legacy controller never sent one (protocol 5.1). */
function dataClaims(packet: PacketOf<'data'>): readonly Claim[] {
  const { inner } = packet;
  const isCommand = inner.kind === 'frame' && inner.direction === REQUEST;
  return [
    { label: '0x73→0x7B', key: pipeKey(packet), optional: !isCommand },
    { label: '0x73→0x78', key: pipeKey(packet), optional: true },
    ...(isCommand ? [replyClaim(inner)] : []),
  ];
}

/** The word that a mesh page has come is itself an answer, and gets none (protocol 2.10). */
function replyClaim(inner: InnerFrame): Claim {
  return { label: 'F8→F9', key: frameKey(inner), optional: inner.opcode === OPCODE.acknowledgePage };
}

/** What a packet answers. */
export function answerClaims(packet: Packet): readonly Claim[] {
  const ordered = ORDERED_ANSWERS[packet.kind];
  if (ordered) return [{ label: ordered, key: '' }];
  const numbered = NUMBERED_ANSWERS[packet.kind];
  if (numbered && 'deviceId' in packet && 'messageId' in packet)
    return [{ label: numbered, key: pipeKey(packet) }];
  if (packet.kind === 'status_answer') return [{ label: '0x83→0x88', key: String(packet.messageId) }];
  if (packet.kind !== 'data' || packet.inner.kind === 'malformed') return [];
  return packet.inner.direction === REPLY ? [{ label: 'F8→F9', key: frameKey(packet.inner) }] : [];
}

function pipeKey({ deviceId, messageId }: { readonly deviceId: number; readonly messageId: number }): string {
  return `${deviceId} ${messageId}`;
}

function frameKey({ opcode, sequence }: InnerFrame): string {
  return `${opcode} ${sequence}`;
}
