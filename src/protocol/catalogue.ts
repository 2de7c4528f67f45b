import { datapoints } from './datapoints';
import {
  i16,
  innerFrame,
  remaining,
  shortSecret,
  shortText,
  u16,
  u32,
  u8,
  type Layout,
  type ReadValues,
  type WriteValues,
} from './layout';

/** Bytes before the body: the type, then the body's length as a 32-bit big-endian number (protocol 2.1). */
export const HEADER_SIZE = 5;

/** The longest body accepted by default. The limit is of the body, not of the packet (protocol, trap 11). */
export const DEFAULT_BODY_LIMIT = 4096;

/** The length of a body: fixed where every captured packet of the type agrees, else only its least. */
type BodySize = { readonly exactly: number } | { readonly atLeast: number };

interface Row<Name extends string, Body extends Layout> {
  readonly type: number;
  readonly name: Name;
  /** Who sends it; the controller stands in the vendor cloud's place. */
  readonly sentBy: readonly ('device' | 'controller' | 'app')[];
  readonly size: BodySize;
  readonly body: Body;
  /** Whether a running message id identifies the packet (0x43 has only a constant in that place). */
  readonly numbered: boolean;
  /** The types that answer it. */
  readonly answers: readonly number[];
}

function row<Name extends string, Body extends Layout>(definition: Row<Name, Body>): Row<Name, Body> {
  return definition;
}

/**
 * Every message type of the protocol, one row each (protocol 2.2 to 2.5 and 2.9). The order of a body's fields is
 * their order on the wire.
 */
export const CATALOGUE = [
  row({
    type: 0x13,
    name: 'app_login',
    sentBy: ['app'],
    size: { atLeast: 10 },
    body: { version: u8, userId: u32, auth: shortSecret, flags: u8, keepaliveSeconds: u16 },
    numbered: false,
    answers: [0x18],
  }),
  row({
    type: 0x18,
    name: 'app_login_answer',
    sentBy: ['controller'],
    size: { exactly: 2 },
    body: { result: u16 },
    numbered: false,
    answers: [],
  }),
  row({
    type: 0x23,
    name: 'handshake',
    sentBy: ['device'],
    size: { atLeast: 10 },
    body: { version: u8, deviceId: u32, auth: shortSecret, flags: u8, keepaliveSeconds: u16 },
    numbered: false,
    answers: [0x28],
  }),
  row({
    type: 0x28,
    name: 'handshake_answer',
    sentBy: ['controller'],
    size: { exactly: 2 },
    body: { result: u16 },
    numbered: false,
    answers: [],
  }),
  row({
    type: 0x43,
    name: 'datapoints',
    sentBy: ['device'],
    size: { atLeast: 7 },
    body: { deviceId: u32, reference: u16, flag: u8, datapoints },
    numbered: false,
    answers: [0x48],
  }),
  row({
    type: 0x48,
    name: 'datapoints_answer',
    sentBy: ['controller'],
    size: { exactly: 3 },
    body: { reference: u16, flag: u8 },
    numbered: false,
    answers: [],
  }),
  row({
    type: 0x73,
    name: 'data',
    sentBy: ['device', 'controller', 'app'],
    size: { atLeast: 7 },
    body: { deviceId: u32, messageId: u16, flag: u8, inner: innerFrame },
    numbered: true,
    answers: [0x7b, 0x78],
  }),
  row({
    type: 0x7b,
    name: 'receipt',
    sentBy: ['device', 'controller', 'app'],
    size: { exactly: 7 },
    body: { deviceId: u32, messageId: u16, flag: u8 },
    numbered: true,
    answers: [],
  }),
  row({
    type: 0x78,
    name: 'relay_result',
    sentBy: ['controller'],
    size: { exactly: 7 },
    body: { deviceId: u32, messageId: u16, result: u8 },
    numbered: true,
    answers: [],
  }),
  row({
    type: 0x83,
    name: 'status',
    sentBy: ['device'],
    size: { atLeast: 7 },
    body: { deviceId: u32, messageId: u16, flag: u8, inner: innerFrame },
    numbered: true,
    answers: [0x88],
  }),
  row({
    type: 0x88,
    name: 'status_answer',
    sentBy: ['controller'],
    size: { exactly: 3 },
    body: { messageId: u16, flag: u8 },
    numbered: false,
    answers: [],
  }),
  row({
    type: 0xa3,
    name: 'announce',
    sentBy: ['controller', 'app'],
    size: { exactly: 7 },
    body: { deviceId: u32, messageId: u16, flag: u8 },
    numbered: true,
    answers: [0xab, 0xa8],
  }),
  row({
    type: 0xab,
    name: 'announce_answer',
    sentBy: ['device'],
    size: { atLeast: 7 },
    body: { deviceId: u32, messageId: u16, flag: u8, tag: u8, software: shortText, fill: remaining },
    numbered: true,
    answers: [],
  }),
  row({
    type: 0xa8,
    name: 'announce_result',
    sentBy: ['controller'],
    size: { exactly: 8 },
    body: { deviceId: u32, messageId: u16, result: u8, flag: u8 },
    numbered: true,
    answers: [],
  }),
  row({
    type: 0xc3,
    name: 'clock_request',
    sentBy: ['device'],
    size: { exactly: 1 },
    body: { tag: u8 },
    numbered: false,
    answers: [0xc8],
  }),
  row({
    type: 0xc8,
    name: 'clock_answer',
    sentBy: ['controller'],
    size: { exactly: 11 },
    body: {
      tag: u8,
      year: u16,
      month: u8,
      day: u8,
      dayOfWeek: u8,
      hour: u8,
      minute: u8,
      second: u8,
      utcOffset: i16,
    },
    numbered: false,
    answers: [],
  }),
  row({
    type: 0xd3,
    name: 'heartbeat',
    sentBy: ['device', 'app'],
    size: { exactly: 0 },
    body: {},
    numbered: false,
    answers: [0xd8],
  }),
  row({
    type: 0xd8,
    name: 'heartbeat_answer',
    sentBy: ['controller'],
    size: { exactly: 0 },
    body: {},
    numbered: false,
    answers: [],
  }),
] as const;

type Rows = (typeof CATALOGUE)[number];
export type PacketName = Rows['name'];

/** A decoded packet: its name in the catalogue under `kind`, and the fields of that row's body. */
export type Packet = {
  [Name in PacketName]: { readonly kind: Name } & ReadValues<Extract<Rows, { name: Name }>['body']>;
}[PacketName];

/** The packet of one kind. */
export type PacketOf<Name extends PacketName> = Extract<Packet, { kind: Name }>;

/** What a packet is written from: a decoded one serves, and frames may leave their checksum to the encoder. */
export type PacketInit = {
  [Name in PacketName]: { readonly kind: Name } & WriteValues<Extract<Rows, { name: Name }>['body']>;
}[PacketName];

export type CatalogueRow = Row<PacketName, Layout>;

const byType: (CatalogueRow | undefined)[] = new Array<CatalogueRow | undefined>(256).fill(undefined);
const byName = new Map<PacketName, CatalogueRow>();
for (const entry of CATALOGUE as readonly unknown[] as readonly CatalogueRow[]) {
  byType[entry.type] = entry;
  byName.set(entry.name, entry);
}

export function rowOfType(type: number): CatalogueRow | undefined {
  return byType[type];
}

export function rowOfName(name: PacketName): CatalogueRow {
  return byName.get(name) as CatalogueRow;
}

/** A type byte as people write it: `0x73`. */
export function typeLabel(type: number): string {
  return `0x${type.toString(16).padStart(2, '0').toUpperCase()}`;
}
