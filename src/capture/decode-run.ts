import { CaptureDecoder, type CaptureEvent } from './capture-decoder';
import { readsOf, type CaptureSource } from './capture-source';
import { instantOf } from './capture-time';
import { SummaryTally, type DecodeSummary } from './decode-summary';
import { DeviceFilter, passesPacket, passesRead, type FilterSettings } from './packet-filter';
import { PairTally, type PairStatistics } from './pair-statistics';
import type { PairLabel, SeenPacket } from './pairing';
import { TypeTally, type TypeStatistics } from './type-statistics';

type PacketEvent = Extract<CaptureEvent, { kind: 'packet' }>;

export interface DecodeSettings extends FilterSettings {
  /** Ends behind this many packets. */
  readonly limit?: number;
  readonly onPacket: (event: PacketEvent) => void;
}

/** All that decoding captures brings to light. */
export interface DecodeFindings {
  readonly summary: DecodeSummary;
  readonly stats: Readonly<Record<string, TypeStatistics>>;
  readonly pairs: Readonly<Partial<Record<PairLabel, PairStatistics>>>;
}

/** Decodes captures, of which a filter may want only a part. */
export class DecodeRun {
  private readonly summary = new SummaryTally();
  private readonly types = new TypeTally();
  private readonly pairs: PairTally;
  private left: number;

  constructor(private readonly settings: DecodeSettings) {
    this.left = settings.limit ?? Infinity;
    this.pairs = new PairTally((packet) => this.wantsPair(packet));
  }

  async decode(source: CaptureSource): Promise<void> {
    const ofDevice = new DeviceFilter(this.settings.device);
    const decoder = new CaptureDecoder((event) => this.onEvent(event, ofDevice));
    for await (const read of readsOf(source)) {
      if (this.left === 0) break;
      if (passesRead(this.settings, read)) decoder.read(read);
    }
    decoder.finish();
    this.types.endOfFile();
    this.pairs.endOfFile();
  }

  findings(): DecodeFindings {
    return {
      summary: this.summary.summary(),
      stats: this.types.statistics(),
      pairs: this.pairs.statistics(),
    };
  }

  private onEvent(event: CaptureEvent, ofDevice: DeviceFilter): void {
    if (event.kind !== 'packet') {
      this.summary.add(event);
      return;
    }
    if (this.left === 0 || !ofDevice.passes(event)) return;
    // Both sides of a pair are needed to know it, whichever of them is wanted.
    this.pairs.add(seen(event));
    if (!passesPacket(this.settings, event)) return;
    this.left -= 1;
    this.summary.add(event);
    this.types.add(event);
    this.settings.onPacket(event);
  }

  private wantsPair({ bytes, dir }: SeenPacket): boolean {
    const { types, dir: wanted } = this.settings;
    return (!types || types.has(bytes[0] as number)) && (wanted === undefined || dir === wanted);
  }
}

function seen({ read, bytes, packet }: PacketEvent): SeenPacket {
  return { conn: read.conn, dir: read.dir, at: instantOf(read.ts), bytes, packet };
}
