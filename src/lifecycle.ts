import type { Access } from './api/access';
import type { Readiness } from './api/readiness';
import { watchTokens } from './api/token-file';
import type { Config } from './config/schema';
import type { Cancel, Clock } from './kernel/clock';
import type { Observe } from './kernel/facts';
import type { CredentialFile } from './link/credential-file';
import type { DevicePorts } from './link/device-ports';
import type { SessionRegistry } from './link/session-registry';
import type { Rollout } from './rollout/rollout';
import type { Lanes } from './routing/lanes';
import type { MetricsServer } from './telemetry/metrics-server';

/** The HTTP server, as far as starting and stopping it goes. */
export interface HttpServer {
  /** Resolves with the port in use. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

export interface LifecycleParts {
  readonly http: HttpServer;
  readonly access: Access;
  readonly accessNote: string;
  readonly readiness: Readiness;
  readonly ports: DevicePorts;
  readonly registry: SessionRegistry;
  readonly credentialFile: CredentialFile;
  readonly lanes: Lanes;
  readonly rollout: Rollout;
  readonly metrics: MetricsServer;
  readonly config: Config;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** The ports in use. */
export interface OpenPorts {
  readonly http: number;
  readonly metrics: number;
  readonly devicesPlain: number | undefined;
  readonly devicesTls: number | undefined;
}

/** Starting and stopping, in the order that loses nothing. */
export class Lifecycle {
  private stopWatching: Cancel = () => {};
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: LifecycleParts) {}

  /** When anything cannot be started, what was started is stopped again. */
  async start(): Promise<OpenPorts> {
    try {
      return await this.open();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Commands under way get their receipts; then the devices are let go. May be called again while it stops. */
  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  private async open(): Promise<OpenPorts> {
    const { http, ports, metrics, readiness, observe, accessNote, access, config, clock } = this.parts;
    // HTTP first: a second process with the same settings must fail before it takes devices away from the first.
    const httpPort = await http.listen();
    await metrics.start();
    await ports.start();
    if (config.tokensFile !== undefined)
      this.stopWatching = watchTokens(config.tokensFile, access, { clock, observe });
    const open = {
      http: httpPort,
      metrics: metrics.port,
      devicesPlain: ports.open.plain,
      devicesTls: ports.open.tls,
    };
    readiness.becomes('ready');
    observe({ kind: 'started', ...open, access: accessNote });
    return open;
  }

  private async close(): Promise<void> {
    const { http, ports, metrics, readiness, registry, credentialFile, rollout, lanes, observe } = this.parts;
    readiness.becomes('draining');
    observe({ kind: 'draining', inFlight: lanes.inFlight, waiting: lanes.waiting });
    this.stopWatching();
    await this.drain();
    registry.close();
    await ports.close();
    await http.close();
    await metrics.close();
    rollout.close();
    await credentialFile.close();
  }

  private async drain(): Promise<void> {
    const { lanes, clock, config } = this.parts;
    let cancelTimeout: Cancel = () => {};
    const timeout = new Promise<void>((resolve) => {
      cancelTimeout = clock.after(config.shutdown.drainMs, resolve);
    });
    await Promise.race([lanes.drain(), timeout]);
    cancelTimeout();
    lanes.cancelWaiting();
  }
}
