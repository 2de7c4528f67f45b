import type { Access } from './api/access';
import type { Readiness } from './api/readiness';
import { watchTokens } from './api/token-file';
import type { Config } from './config/schema';
import { NO_TIMER, type Clock } from './kernel/clock';
import type { Observe } from './kernel/facts';
import type { Jobs } from './kernel/jobs';
import type { CredentialFile } from './link/credential-file';
import type { DevicePorts } from './link/device-ports';
import type { SessionRegistry } from './link/session-registry';
import type { Notifier } from './notify/notifier';
import type { Replicas } from './rollout/replicas';
import type { PlanStore } from './rollout/plan-store';
import type { Rollout } from './rollout/rollout';
import type { Lanes } from './routing/lanes';
import type { Lease } from './store/lease';
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
  readonly store: PlanStore;
  readonly metrics: MetricsServer;
  readonly jobs: Jobs;
  readonly replicas: Replicas;
  readonly lease: Lease;
  readonly notifier: Notifier;
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
  private stopWatching = NO_TIMER;
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
    this.parts.jobs.start();
    readiness.becomes('ready');
    observe({ kind: 'started', ...open, access: accessNote });
    return open;
  }

  private async close(): Promise<void> {
    const { http, ports, metrics, readiness, registry, credentialFile, rollout, lanes, observe } = this.parts;
    readiness.becomes('draining');
    observe({ kind: 'draining', inFlight: lanes.inFlight, waiting: lanes.waiting });
    this.stopWatching();
    ports.stopListening();
    await Promise.all([this.drain(), this.letDevicesGo()]);
    await this.leave();
    registry.close();
    await ports.close();
    await rollout.close();
    // Before HTTP, with which the connection to Redis is closed: it would be missed.
    await this.parts.store.close();
    await http.close();
    await metrics.close();
    await credentialFile.close();
  }

  /** Slowly only where somebody else can take them; else they would have nowhere to go for all that time. */
  private letDevicesGo(): Promise<void> {
    const { registry, replicas, lanes, config } = this.parts;
    const overMs = replicas.list.length > 1 ? config.shutdown.releaseMs : 0;
    return registry.letGo(overMs, (deviceId) => {
      const { waiting, inFlight } = lanes.depthOf(deviceId);
      return waiting + inFlight > 0;
    });
  }

  /** Gives the other replicas what this one had of the common work, and people the news that they have not heard yet. */
  private async leave(): Promise<void> {
    const { jobs, lease, replicas, notifier, config } = this.parts;
    jobs.stop();
    await Promise.all([lease.release(), replicas.withdraw(), notifier.close(config.notify.flushMs)]);
  }

  private async drain(): Promise<void> {
    const { lanes, clock, config } = this.parts;
    let cancelTimeout = NO_TIMER;
    const timeout = new Promise<void>((resolve) => {
      cancelTimeout = clock.after(config.shutdown.drainMs, resolve);
    });
    await Promise.race([lanes.drain(), timeout]);
    cancelTimeout();
    lanes.cancelWaiting();
  }
}
