import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { RateLimit } from '../kernel/rate-limit';
import type { Duplex } from './duplex';
import { Listener, type ListenerSettings } from './listener';
import type { Identity } from './tls-policy';

export interface DevicePortsSettings extends Omit<ListenerSettings, 'port'> {
  /** Null leaves a port closed. */
  readonly plainPort: number | null;
  readonly tlsPort: number | null;
  /** Connections taken in a second, on each port; as many at once after a quiet time. */
  readonly acceptPerSecond: number;
}

export interface DevicePortsParts {
  readonly settings: DevicePortsSettings;
  /** Asked only when the TLS port is opened. */
  readonly identity: () => Promise<Identity>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly onDuplex: (duplex: Duplex) => void;
}

/** The ports that devices dial into: TLS for real ones, plain TCP for labs. */
export class DevicePorts {
  private plain: Listener | undefined;
  private tls: Listener | undefined;

  constructor(private readonly parts: DevicePortsParts) {}

  /** The ports in use. */
  get open(): { readonly plain: number | undefined; readonly tls: number | undefined } {
    return { plain: this.plain?.port, tls: this.tls?.port };
  }

  async start(): Promise<void> {
    const { settings, identity } = this.parts;
    if (settings.tlsPort !== null) this.tls = await this.listen(settings.tlsPort, await identity());
    if (settings.plainPort !== null) this.plain = await this.listen(settings.plainPort);
  }

  /** Devices that dial from now on find nobody here and try the next address; those that are connected stay. */
  stopListening(): void {
    this.plain?.stopListening();
    this.tls?.stopListening();
  }

  async close(): Promise<void> {
    await Promise.all([this.plain?.close(), this.tls?.close()]);
  }

  private async listen(port: number, identity?: Identity): Promise<Listener> {
    const { settings, clock, observe, onDuplex } = this.parts;
    const { acceptPerSecond: perSecond } = settings;
    const limit = new RateLimit({ perSecond, burst: perSecond }, clock);
    const admit = (): boolean => limit.take();
    const listener = new Listener({
      settings: { ...settings, port },
      observe,
      onDuplex,
      admit,
      ...(identity && { identity }),
    });
    await listener.listen();
    return listener;
  }
}
