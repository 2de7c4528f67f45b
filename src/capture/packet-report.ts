import { rowOfType, typeLabel } from '../protocol/catalogue';
import type { Decoded } from '../protocol/codec';
import { formatDeviceId } from '../kernel/device-id';
import { NOTIFICATION, REPLY, REQUEST, type InnerFrame, type MalformedInner } from '../protocol/inner-frame';
import { redactedHex } from '../protocol/redact';
import type { CaptureEvent } from './capture-decoder';

type PacketEvent = Extract<CaptureEvent, { kind: 'packet' }>;

/** What is told of an inner frame: enough to follow a conversation. */
type InnerReport =
  | {
      readonly direction: string;
      readonly opcode: string;
      readonly sequence: number;
      readonly checksumOk: boolean;
      readonly escaped: boolean;
    }
  | { readonly malformed: MalformedInner['reason'] };

/** One decoded packet as data: the line of `decode --output json --packets`. Holds no secret. */
export interface PacketReport {
  readonly ts: string;
  readonly dir?: string;
  readonly conn: string;
  readonly type: string;
  readonly name: string;
  readonly deviceId?: string;
  readonly messageId?: number;
  readonly malformed?: string;
  readonly inner?: InnerReport;
  readonly hex: string;
}

const SPEAKERS: Readonly<Record<number, string>> = {
  [REQUEST]: 'request',
  [REPLY]: 'reply',
  [NOTIFICATION]: 'notification',
};

/** Describes a packet for people and programs. */
export function packetReport({ read, bytes, packet }: PacketEvent): PacketReport {
  const type = bytes[0] as number;
  return {
    ts: read.ts,
    ...(read.dir && { dir: read.dir }),
    conn: read.conn,
    type: typeLabel(type),
    name: rowOfType(type)?.name ?? 'unknown',
    ...fieldsOf(packet),
    hex: redactedHex(bytes),
  };
}

function fieldsOf(packet: Decoded): Partial<PacketReport> {
  if (packet.kind === 'malformed') return { malformed: packet.reason };
  return {
    ...('deviceId' in packet && { deviceId: formatDeviceId(packet.deviceId) }),
    ...('messageId' in packet && { messageId: packet.messageId }),
    ...('inner' in packet && { inner: innerReport(packet.inner) }),
  };
}

function innerReport(inner: InnerFrame | MalformedInner): InnerReport {
  if (inner.kind === 'malformed') return { malformed: inner.reason };
  const { direction, opcode, sequence, checksumOk, escaped } = inner;
  return {
    direction: SPEAKERS[direction] ?? typeLabel(direction),
    opcode: typeLabel(opcode),
    sequence,
    checksumOk,
    escaped,
  };
}

/** The same as one line for people. */
export function packetLine(report: PacketReport): string {
  const parts = [
    report.ts || '-',
    report.dir ?? '-',
    report.type,
    report.name,
    report.deviceId && `device=${report.deviceId}`,
    report.messageId !== undefined && `message=${report.messageId}`,
    report.malformed && `malformed=${report.malformed}`,
    report.inner && innerDigest(report.inner),
    report.hex,
  ];
  return parts.filter(Boolean).join(' ');
}

function innerDigest(inner: InnerReport): string {
  if ('malformed' in inner) return `frame=malformed:${inner.malformed}`;
  const { direction, opcode, sequence, checksumOk, escaped } = inner;
  const checksum = checksumOk ? 'ok' : 'mismatch';
  const how = escaped ? ' escaped' : '';
  return `frame=${direction}:${opcode} sequence=${sequence} checksum=${checksum}${how}`;
}
