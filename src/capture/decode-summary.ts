import { rowOfType, typeLabel } from '../protocol/catalogue';
import type { Decoded } from '../protocol/codec';
import type { CaptureEvent } from './capture-decoder';

/** What a capture holds, in figures. */
export interface DecodeSummary {
  /** All reads, those of TLS included. */
  readonly reads: number;
  /** What the five-byte header delimits. */
  readonly packets: number;
  /** Packets by type label, in the order of the types. */
  readonly byType: Readonly<Record<string, number>>;
  /** Inner frames of 0x73 and 0x83 that parse. */
  readonly innerFrames: number;
  readonly checksumOk: number;
  readonly checksumMismatch: number;
  readonly escapedFrames: number;
  /** Packets whose body or inner frame does not parse. */
  readonly malformed: number;
  /** Bytes that no packet took, those of TLS apart. */
  readonly trailingBytes: number;
  /** Reads that are TLS, in whole or in part. */
  readonly tlsRecords: number;
  /** Packets of the types that carry a message id. */
  readonly messageIds: number;
}

type Figures = Record<Exclude<keyof DecodeSummary, 'byType'>, number>;

/** Adds up the events of one or more captures. */
export class SummaryTally {
  private readonly figures: Figures = {
    reads: 0,
    packets: 0,
    innerFrames: 0,
    checksumOk: 0,
    checksumMismatch: 0,
    escapedFrames: 0,
    malformed: 0,
    trailingBytes: 0,
    tlsRecords: 0,
    messageIds: 0,
  };
  private readonly countOfType = new Uint32Array(256);

  add(event: CaptureEvent): void {
    switch (event.kind) {
      case 'read':
        this.figures.reads += 1;
        this.figures.tlsRecords += Number(event.tls);
        return;
      case 'trailing':
        this.figures.trailingBytes += event.bytes;
        return;
      case 'packet':
        this.addPacket(event.bytes[0] as number, event.packet);
    }
  }

  summary(): DecodeSummary {
    const byType: Record<string, number> = {};
    for (const [type, count] of this.countOfType.entries()) if (count > 0) byType[typeLabel(type)] = count;
    const { reads, packets, ...others } = this.figures;
    return { reads, packets, byType, ...others };
  }

  private addPacket(type: number, packet: Decoded): void {
    const { figures } = this;
    figures.packets += 1;
    this.countOfType[type] = (this.countOfType[type] as number) + 1;
    figures.messageIds += Number(rowOfType(type)?.numbered === true);
    if (packet.kind === 'malformed') figures.malformed += 1;
    else if ('inner' in packet) this.addInner(packet.inner);
  }

  private addInner(inner: Extract<Decoded, { kind: 'data' }>['inner']): void {
    const { figures } = this;
    if (inner.kind === 'malformed') {
      figures.malformed += 1;
      return;
    }
    figures.innerFrames += 1;
    figures.checksumOk += Number(inner.checksumOk);
    figures.checksumMismatch += Number(!inner.checksumOk);
    figures.escapedFrames += Number(inner.escaped);
  }
}
