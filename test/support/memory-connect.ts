import type { Cancel } from '../../src/kernel/clock';
import type { Duplex, DuplexHandlers } from '../../src/link/duplex';
import { MemoryDuplex } from '../../src/link/memory-duplex';
import type { Connect, Connector, ConnectorParts } from '../../src/simulator/connector';

const REDIAL_MS = 100;

/** Connects a fleet over pipes in memory; a connection that ended is made again after 100 ms. */
export function connectInMemory(accept: (duplex: Duplex) => void): Connect {
  return (parts) => new MemoryConnector(parts, accept);
}

class MemoryConnector implements Connector {
  private stopped = false;
  private duplex: Duplex | undefined;
  private cancel: Cancel = () => {};

  constructor(
    private readonly parts: ConnectorParts,
    private readonly accept: (duplex: Duplex) => void,
  ) {}

  start(): void {
    const [deviceEnd, controllerEnd] = MemoryDuplex.pair();
    this.duplex = deviceEnd;
    this.accept(controllerEnd);
    this.parts.onDuplex(tellingClosed(deviceEnd, () => this.onClosed()));
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
    this.duplex?.close('shutdown');
  }

  private onClosed(): void {
    if (!this.stopped) this.cancel = this.parts.clock.after(REDIAL_MS, () => this.start());
  }
}

function tellingClosed(duplex: Duplex, closed: () => void): Duplex {
  const attach = (handlers: DuplexHandlers): void =>
    duplex.attach({
      data: (chunk) => handlers.data(chunk),
      drained: () => handlers.drained(),
      closed(reason) {
        handlers.closed(reason);
        closed();
      },
    });
  return {
    get remote() {
      return duplex.remote;
    },
    get encrypted() {
      return duplex.encrypted;
    },
    get writable() {
      return duplex.writable;
    },
    get pendingBytes() {
      return duplex.pendingBytes;
    },
    attach,
    write: (bytes) => duplex.write(bytes),
    pause: () => duplex.pause(),
    resume: () => duplex.resume(),
    close: (reason) => duplex.close(reason),
  };
}
