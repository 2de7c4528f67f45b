import type { Random } from '../kernel/random';
import type { ChaosSettings, Direction, PathFaults } from './chaos-settings';
import type { PassingPacket } from './passing-packet';

/** What becomes of one packet. */
export type Fate =
  | { readonly kind: 'dropped' }
  /** The connection ends in its place. */
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'delivered';
      /** Behind all that left before it. */
      readonly latencyMs: number;
      /** Longer still, while those behind it go on. */
      readonly heldMs: number;
      readonly copies: 1 | 2;
      readonly corruptBytes: number;
    };

/** A packet that arrives, in whatever state. */
export type Delivery = Extract<Fate, { kind: 'delivered' }>;

/** Nothing happens to it. */
export const UNHARMED: Delivery = { kind: 'delivered', latencyMs: 0, heldMs: 0, copies: 1, corruptBytes: 0 };
const DROPPED: Fate = { kind: 'dropped' };
const CUT: Fate = { kind: 'cut' };

/** One number in [0, 1) for each thing that may happen to a packet. */
export interface Chances {
  readonly cut: number;
  readonly loss: number;
  readonly jitter: number;
  readonly reordering: number;
  readonly duplicate: number;
  readonly corruption: number;
  readonly answer: number;
}

/** Always all of them, needed or not: so one fault more or less does not change when the others strike. */
export function drawChances(random: Random): Chances {
  return {
    cut: random.next(),
    loss: random.next(),
    jitter: random.next(),
    reordering: random.next(),
    duplicate: random.next(),
    corruption: random.next(),
    answer: random.next(),
  };
}

/** A packet, and which of its type it is since the settings began, 1 being the first. */
export interface CountedPacket extends PassingPacket {
  readonly direction: Direction;
  readonly count: number;
}

/** Decides over one packet. Pure. */
export function fateOf(settings: ChaosSettings, packet: CountedPacket, chances: Chances): Fate {
  if (settings.only === 'new' && packet.concerns !== 'new') return UNHARMED;
  if (settings.partition === 'both' || settings.partition === packet.direction) return DROPPED;
  const { answers } = settings;
  if (packet.answers === 'receipt' && chances.answer < answers.missingReceipts.rate) return DROPPED;
  const isLate = packet.answers === 'reply' && chances.answer < answers.lateReplies.rate;
  const lateMs = isLate ? answers.lateReplies.delayMs : 0;
  const faults = packet.direction === 'to_device' ? settings.toDevice : settings.fromDevice;
  return onPath(faults, packet, chances, lateMs);
}

function onPath(faults: PathFaults, packet: CountedPacket, chances: Chances, lateMs: number): Fate {
  if (!concerns(faults, packet)) return lateMs > 0 ? { ...UNHARMED, heldMs: lateMs } : UNHARMED;
  if (chances.cut < faults.cuts.rate) return CUT;
  if (isLost(faults.loss, packet.count, chances.loss)) return DROPPED;
  const { latency, reordering, duplicates, corruption } = faults;
  return {
    kind: 'delivered',
    latencyMs: Math.max(latency.ms + latency.jitterMs * (2 * chances.jitter - 1), 0),
    heldMs: lateMs + (chances.reordering < reordering.rate ? reordering.delayMs : 0),
    copies: chances.duplicate < duplicates.rate ? 2 : 1,
    corruptBytes: chances.corruption < corruption.rate ? corruption.bytes : 0,
  };
}

function concerns({ types }: PathFaults, { name }: CountedPacket): boolean {
  return types.length === 0 || (name !== 'malformed' && types.includes(name));
}

function isLost({ rate, pattern }: PathFaults['loss'], count: number, chance: number): boolean {
  return pattern.length > 0 ? pattern.includes(count) : chance < rate;
}
