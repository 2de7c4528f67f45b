import { NO_TIMER } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import { MetricsServer } from '../telemetry/metrics-server';
import type { AttemptOutcome, ToggleObserver } from './toggle-fact';
import { toggleLog, type ToggleLogLevel } from './toggle-log';
import { ToggleMetrics } from './toggle-metrics';
import { toggle, type TogglerParts } from './toggler';

export interface ToggleRunParts extends Omit<TogglerParts, 'observe'> {
  readonly logLevel: ToggleLogLevel;
  /** Where `GET /metrics` is answered on this machine; 0 lets the system choose. */
  readonly metricsPort: number;
  /** How long the metrics stay behind the last attempt, so that a scrape can come. */
  readonly lingerMs: number;
  readonly write: (logLine: string) => void;
  /** Ends the lingering early. */
  readonly stopped: Promise<void>;
  readonly onMetricsPort?: (port: number) => void;
}

const LOOPBACK = '127.0.0.1';

/** One run of `pointsman toggle`: the attempts, their log lines, and their metrics. */
export async function runToggle(parts: ToggleRunParts): Promise<AttemptOutcome> {
  const { wish, clock, logLevel: level, write, metricsPort, lingerMs } = parts;
  const metrics = new ToggleMetrics(wish.deviceId);
  const log = toggleLog({ level, deviceId: wish.deviceId, clock, write });
  const server = new MetricsServer(metrics.registry, { host: LOOPBACK, port: metricsPort });
  const isServing = await start(server, log);
  if (isServing) parts.onMetricsPort?.(server.port);
  try {
    const observe: ToggleObserver = (fact) => {
      metrics.count(fact);
      log(fact);
    };
    const outcome = await toggle({ ...parts, observe });
    if (isServing && lingerMs > 0) await linger(parts);
    return outcome;
  } finally {
    if (isServing) await server.close();
  }
}

/** Another toggler may have the port: a light is worth more than its metrics. */
async function start(server: MetricsServer, log: ToggleObserver): Promise<boolean> {
  try {
    await server.start();
    return true;
  } catch (error) {
    log({ kind: 'metrics_unavailable', why: messageOf(error) });
    return false;
  }
}

async function linger({ clock, lingerMs, stopped }: ToggleRunParts): Promise<void> {
  let cancel = NO_TIMER;
  const over = new Promise<void>((resolve) => (cancel = clock.after(lingerMs, resolve)));
  await Promise.race([over, stopped]);
  cancel();
}
