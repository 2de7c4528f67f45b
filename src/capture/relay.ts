import type { Clock } from '../kernel/clock';
import type { Duplex } from '../link/duplex';
import type { Direction } from './live-read';
import { Pipe, type Hold } from './pipe';
import type { Pressure } from './pressure';

export interface RelayParts {
  readonly device: Duplex;
  readonly upstream: Duplex;
  readonly clock: Clock;
  readonly pressure: (dir: Direction, read: Uint8Array, reads: number) => Pressure;
  readonly onRead: (dir: Direction, read: Uint8Array, injected: boolean) => void;
  readonly onEnded: () => void;
}

const LOOK_EVERY_MS = 10;
/** What an end has not taken by then is lost with it. */
const LAST_BYTES_MS = 2_000;

/** A device's connection and the one made upstream for it. When one ends, the other ends behind its last byte. */
export class Relay {
  private readonly pipes: Readonly<Record<Direction, Pipe>>;
  private ended = false;

  constructor(private readonly parts: RelayParts) {
    const { device, upstream, clock, pressure } = parts;
    const pipe = (dir: Direction, from: Duplex, to: Duplex): Pipe =>
      new Pipe({ from, to, clock, pressure: (read, reads) => pressure(dir, read, reads) });
    this.pipes = {
      dev_to_cloud: pipe('dev_to_cloud', device, upstream),
      cloud_to_dev: pipe('cloud_to_dev', upstream, device),
    };
  }

  start(): void {
    const { device, upstream } = this.parts;
    this.attach(device, 'dev_to_cloud', upstream);
    this.attach(upstream, 'cloud_to_dev', device);
  }

  /** Writes bytes that the sender of this direction never sent. */
  inject(dir: Direction, bytes: Uint8Array): void {
    this.parts.onRead(dir, bytes, true);
    this.pipes[dir].forward(bytes);
  }

  hold(why: Hold): void {
    for (const pipe of Object.values(this.pipes)) pipe.hold(why);
  }

  release(why: Hold): void {
    for (const pipe of Object.values(this.pipes)) pipe.release(why);
  }

  /** Ends both connections. */
  end(): void {
    this.parts.device.close('shutdown');
    this.parts.upstream.close('shutdown');
  }

  private attach(from: Duplex, dir: Direction, to: Duplex): void {
    const back = dir === 'dev_to_cloud' ? 'cloud_to_dev' : 'dev_to_cloud';
    from.attach({
      data: (read) => this.onData(dir, read),
      drained: () => this.pipes[back].drained(),
      closed: () => this.onClosed(to),
    });
  }

  private onData(dir: Direction, read: Uint8Array): void {
    // Behind the end of one side there is nobody whom the rest of the other could reach.
    if (this.ended) return;
    this.parts.onRead(dir, read, false);
    this.pipes[dir].take(read);
  }

  private onClosed(other: Duplex): void {
    if (this.ended) return;
    this.ended = true;
    for (const pipe of Object.values(this.pipes)) pipe.finish();
    this.closeBehindLastByte(other);
    this.parts.onEnded();
  }

  private closeBehindLastByte(other: Duplex): void {
    const { clock } = this.parts;
    const until = clock.now() + LAST_BYTES_MS;
    const cancel = clock.every(LOOK_EVERY_MS, () => {
      if (other.pendingBytes > 0 && clock.now() < until) return;
      cancel();
      other.close('peer_closed');
    });
  }
}
