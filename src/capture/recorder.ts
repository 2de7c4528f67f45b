import { formatRead, type CaptureFormat } from './capture-format';
import type { LineSink } from './line-sink';
import type { Direction, LiveRead, ReadObserver } from './live-read';
import { SecretMask } from './secret-mask';

export interface RecorderParts {
  readonly sink: Pick<LineSink, 'write'>;
  readonly format: CaptureFormat;
  /** Names the run in every line. */
  readonly run: string;
  /** Login secrets stay in the file, so that it can be replayed against a controller that knows them. */
  readonly withSecrets: boolean;
}

type Masks = Readonly<Record<Direction, SecretMask>>;

/** Writes what is forwarded to the capture, one record a read, without login secrets. */
export class Recorder implements ReadObserver {
  /** Written into each record until it is changed; empty for nothing. */
  annotation = '';
  private number = 0;
  private readonly masks = new Map<string, Masks>();
  private readonly ended: Record<Direction, number> = { dev_to_cloud: 0, cloud_to_dev: 0 };

  constructor(private readonly parts: RecorderParts) {}

  read(read: LiveRead): void {
    // What is injected stands between packets, and is masked by itself.
    const mask = read.injected ? new SecretMask() : this.masksOf(read.conn)[read.dir];
    const masked = mask.mask(read.bytes);
    const { format, run, sink, withSecrets } = this.parts;
    this.number += 1;
    const context = { run, number: this.number, annotation: this.annotation };
    sink.write(formatRead(format, { ...read, bytes: withSecrets ? read.bytes : masked }, context));
  }

  closed(conn: string): void {
    const masks = this.masks.get(conn);
    if (!masks) return;
    for (const dir of ['dev_to_cloud', 'cloud_to_dev'] as const) this.ended[dir] += masks[dir].packets;
    this.masks.delete(conn);
  }

  get records(): number {
    return this.number;
  }

  /** Whether the next byte of a connection continues a packet. */
  midPacket(conn: string, dir: Direction): boolean {
    return this.masks.get(conn)?.[dir].midPacket ?? false;
  }

  /** Whole packets forwarded in one direction, over all connections. */
  packets(dir: Direction): number {
    let sum = this.ended[dir];
    for (const masks of this.masks.values()) sum += masks[dir].packets;
    return sum;
  }

  private masksOf(conn: string): Masks {
    const known = this.masks.get(conn);
    if (known) return known;
    const masks = { dev_to_cloud: new SecretMask(), cloud_to_dev: new SecretMask() };
    this.masks.set(conn, masks);
    return masks;
  }
}
