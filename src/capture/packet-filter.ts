import { LRUCache } from 'lru-cache';
import { formatDeviceId, type DeviceId } from '../kernel/device-id';
import { MAX_STREAMS, type CaptureEvent } from './capture-decoder';
import type { CaptureRead } from './capture-line';

type PacketEvent = Extract<CaptureEvent, { kind: 'packet' }>;

/** What of a capture is wanted; what is absent is not asked about. */
export interface FilterSettings {
  readonly types?: ReadonlySet<number>;
  readonly device?: DeviceId;
  readonly conn?: string;
  readonly dir?: NonNullable<CaptureRead['dir']>;
}

/** Whether a read can hold anything that is wanted. */
export function passesRead({ conn }: FilterSettings, read: CaptureRead): boolean {
  return conn === undefined || read.conn === conn;
}

/** Packets that carry the id of the device itself; in 0x73 and its answers it may be the other end's (protocol 2.3). */
const OWN_ID = new Set(['handshake', 'datapoints', 'status']);

/**
 * Tells which packets are of one device: those that name it, and all of a connection on which it has said who it is.
 * To be asked about every packet of one file, in order.
 */
export class DeviceFilter {
  private readonly owners = new LRUCache<string, DeviceId>({ max: MAX_STREAMS });

  constructor(private readonly device: DeviceId | undefined) {}

  passes({ read, packet }: PacketEvent): boolean {
    if (this.device === undefined) return true;
    const named = 'deviceId' in packet ? formatDeviceId(packet.deviceId) : undefined;
    if (named !== undefined && read.conn !== '' && OWN_ID.has(packet.kind)) this.owners.set(read.conn, named);
    return named === this.device || this.owners.get(read.conn) === this.device;
  }
}

/** Whether type and direction of a packet are wanted. */
export function passesPacket({ types, dir }: FilterSettings, { read, bytes }: PacketEvent): boolean {
  if (types && !types.has(bytes[0] as number)) return false;
  return dir === undefined || read.dir === dir;
}
