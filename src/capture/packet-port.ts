import type { Duplex } from '../link/duplex';
import { Framer } from '../protocol/framer';

/** Who uses a port. */
export interface PortUser {
  packet(bytes: Uint8Array): void;
  drained(): void;
  closed(): void;
}

/** A duplex cut into packets, whose user may change while it is open. */
export class PacketPort {
  private isClosed = false;

  constructor(
    private readonly duplex: Duplex,
    private user: PortUser,
  ) {
    const framer = new Framer({ packet: (bytes) => this.user.packet(bytes), discarded: () => {} });
    duplex.attach({
      data: (chunk) => framer.push(chunk),
      drained: () => this.user.drained(),
      closed: () => {
        this.isClosed = true;
        this.user.closed();
      },
    });
  }

  get writable(): boolean {
    return this.duplex.writable;
  }

  /** From here on this one is told. */
  handOver(user: PortUser): void {
    this.user = user;
    if (this.isClosed) user.closed();
  }

  send(packet: Uint8Array): void {
    this.duplex.write(packet);
  }

  close(): void {
    this.duplex.close('shutdown');
  }
}
