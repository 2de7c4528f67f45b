export const FAMILY_NAMES = ['bulb', 'plug', 'switch', 'led_strip', 'old_bulb'] as const;
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** What a repeated command, known by its mesh sequence, does to the device. Either way it gets its 0x7B. */
type RepeatRule =
  | { readonly kind: 'discards'; readonly repliesAgain: boolean }
  /** It is carried out again, and replied to again. */
  | { readonly kind: 'executes' };

/** How devices with one firmware differ from others on the wire. */
export interface FirmwareFamily {
  readonly name: FamilyName;
  readonly repeats: RepeatRule;
  /** Digits of its firmware reports (protocol 2.8). */
  readonly networkVersion: string;
  readonly deviceVersion: string;
  /** The type byte of its own mesh record (protocol 2.10). */
  readonly deviceType: number;
  /** Whether its nodes have a white tone and a colour. */
  readonly colored: boolean;
  /** What it appends to the items of a 0x43 (protocol 2.9). */
  readonly datapointTrailer: Uint8Array;
  /** It puts the first checksum of a burst on all frames of the burst (protocol 1.6). */
  readonly repeatsBurstChecksum: boolean;
  /** Its reports have sequences of their own, 0x1122xxxx, and mesh sequence 0x111111 (protocol 2.6 and 2.7). */
  readonly ownSequences: boolean;
  /** It escapes 7D and 7E inside its frames, as one captured frame of 2024 does (protocol 2.6). */
  readonly escapesFrames: boolean;
  /** It says F9 52 "accepted" before the mesh pages (protocol 2.10). */
  readonly acceptsMeshInfoFirst: boolean;
}

const NO_TRAILER = new Uint8Array(0);

/**
 * The firmware families. Their quirks are captured; which of them discard repeats is not, so all three ways that the
 * mesh allows are here.
 */
export const FAMILIES: Readonly<Record<FamilyName, FirmwareFamily>> = {
  bulb: {
    name: 'bulb',
    repeats: { kind: 'discards', repliesAgain: true },
    networkVersion: '0',
    deviceVersion: '10361',
    deviceType: 0x81,
    colored: true,
    datapointTrailer: NO_TRAILER,
    repeatsBurstChecksum: false,
    ownSequences: false,
    escapesFrames: false,
    acceptsMeshInfoFirst: false,
  },
  plug: {
    name: 'plug',
    repeats: { kind: 'discards', repliesAgain: false },
    networkVersion: '0',
    deviceVersion: '10298',
    deviceType: 0x44,
    colored: false,
    datapointTrailer: NO_TRAILER,
    repeatsBurstChecksum: false,
    ownSequences: false,
    escapesFrames: false,
    acceptsMeshInfoFirst: false,
  },
  switch: {
    name: 'switch',
    repeats: { kind: 'executes' },
    networkVersion: '0',
    deviceVersion: '11158',
    deviceType: 0x37,
    colored: false,
    datapointTrailer: NO_TRAILER,
    repeatsBurstChecksum: false,
    ownSequences: false,
    escapesFrames: false,
    acceptsMeshInfoFirst: true,
  },
  led_strip: {
    name: 'led_strip',
    repeats: { kind: 'executes' },
    networkVersion: '0',
    deviceVersion: '30204',
    deviceType: 0x7a,
    colored: true,
    datapointTrailer: Uint8Array.of(0x7f, 0xfe),
    repeatsBurstChecksum: true,
    ownSequences: true,
    escapesFrames: false,
    acceptsMeshInfoFirst: false,
  },
  old_bulb: {
    name: 'old_bulb',
    repeats: { kind: 'discards', repliesAgain: true },
    networkVersion: '0',
    deviceVersion: '10042',
    deviceType: 0x81,
    colored: true,
    datapointTrailer: NO_TRAILER,
    repeatsBurstChecksum: false,
    ownSequences: false,
    escapesFrames: true,
    acceptsMeshInfoFirst: false,
  },
};
