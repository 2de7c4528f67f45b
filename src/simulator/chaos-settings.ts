import type { PacketName } from '../protocol/catalogue';

/** Which way a packet goes. */
export type Direction = 'to_device' | 'from_device';

/** What is cut off: nothing, one way, or both. */
export const PARTITIONS = ['none', 'to_device', 'from_device', 'both'] as const;
export type Partition = (typeof PARTITIONS)[number];

/** Whose packets suffer: everybody's, or only the commands that the new transport writes and the answers to them. */
export const VICTIMS = ['all', 'new'] as const;
export type Victims = (typeof VICTIMS)[number];

/** What can happen to the packets of one direction. Rates are 0…1, durations milliseconds. */
export interface PathFaults {
  /** The packets concerned, by name; none named means all. */
  readonly types: readonly PacketName[];
  /** Every packet takes this long, plus or minus up to the jitter; their order is kept. */
  readonly latency: { readonly ms: number; readonly jitterMs: number };
  /**
   * By chance, or by a list of the packets to lose: 1 is the first since these settings began, counted for each
   * packet type by itself, so that a handshake does not use up what was meant for a command (protocol, trap 18).
   * A list that names any wins over the rate.
   */
  readonly loss: { readonly rate: number; readonly pattern: readonly number[] };
  readonly duplicates: { readonly rate: number };
  /** Packets held back, so that those behind them overtake. */
  readonly reordering: { readonly rate: number; readonly delayMs: number };
  /** So many bytes of a body are changed. Headers stay whole: this is about content, not about framing. */
  readonly corruption: { readonly rate: number; readonly bytes: number };
  /** The connection is reset in the place of the packet. */
  readonly cuts: { readonly rate: number };
}

/** What a device does wrong with its answers. */
export interface AnswerFaults {
  readonly missingReceipts: { readonly rate: number };
  readonly lateReplies: { readonly rate: number; readonly delayMs: number };
  /** Commands that are not carried out but answered with this status. */
  readonly refusals: { readonly rate: number; readonly status: number };
}

/** Everything that can go wrong between one device and its controller. Data: it is replaced, never changed. */
export interface ChaosSettings {
  readonly only: Victims;
  readonly partition: Partition;
  readonly toDevice: PathFaults;
  readonly fromDevice: PathFaults;
  readonly answers: AnswerFaults;
}

/** A path on which nothing goes wrong. */
export const CLEAR_PATH: PathFaults = {
  types: [],
  latency: { ms: 0, jitterMs: 0 },
  loss: { rate: 0, pattern: [] },
  duplicates: { rate: 0 },
  reordering: { rate: 0, delayMs: 0 },
  corruption: { rate: 0, bytes: 0 },
  cuts: { rate: 0 },
};

/** No chaos at all. */
export const CALM: ChaosSettings = {
  only: 'all',
  partition: 'none',
  toDevice: CLEAR_PATH,
  fromDevice: CLEAR_PATH,
  answers: {
    missingReceipts: { rate: 0 },
    lateReplies: { rate: 0, delayMs: 0 },
    refusals: { rate: 0, status: 0 },
  },
};
