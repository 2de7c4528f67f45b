import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Rollout } from '../../src/rollout/rollout';
import { CALM, type ChaosSettings } from '../../src/simulator/chaos-settings';
import type { Fleet } from '../../src/simulator/fleet';
import { AlertmanagerServer } from './alertmanager-server';
import { rulesFor, startApplication, startFleet, tokenOf, type TestApplication } from './application';
import { CommandLoad } from './command-load';
import { freePort } from './free-port';
import { ask, type Answer, type Ask } from './http';
import { testSeed } from './long-run';
import { PrometheusServer } from './prometheus-server';
import { RecordedFacts } from './recorded-facts';
import { RedisLab } from './redis-server';
import { ROOT } from './tool';
import { until } from './until';

const DEVICES = 60;
const PAUSE_MS = 200;
/** Far above what devices of the laboratory take, far below the deadline. */
const THRESHOLD_MS = 400;
/** Generous: other tests use the processors too. */
const PATIENCE_MS = 60_000;
const HOOK_TOKEN_FILE = '/etc/alertmanager/pointsman-hook-token';
const HOOK_HOST = 'http://pointsman:8080';

/** The new path answers nobody; legacy goes on. */
const BROKEN: ChaosSettings = { ...CALM, only: 'new', partition: 'both' };

interface Servers {
  readonly facts: RecordedFacts;
  readonly application: TestApplication;
  readonly prometheus: PrometheusServer;
  readonly alertmanager: AlertmanagerServer;
  readonly fleet: Fleet;
}

type Closing = () => unknown;

/** The other way round than they were started. */
async function closeAll(started: readonly Closing[]): Promise<void> {
  for (const close of [...started].reverse()) await close();
}

/**
 * Redis, Prometheus, Alertmanager and the application, each of them real, with the rules and the configuration of
 * alerts/ as they stand there but for addresses and the file with the token; a fleet at 25 %, and a load on it.
 */
export class AlertChain {
  private readonly load: CommandLoad;

  constructor(
    private readonly servers: Servers,
    private readonly started: readonly Closing[],
  ) {
    this.load = new CommandLoad(servers.application, servers.fleet, PAUSE_MS);
  }

  static async start(about: { readonly guard: boolean }): Promise<AlertChain> {
    const started: Closing[] = [];
    try {
      return await startChain(about, started);
    } catch (error) {
      await closeAll(started);
      throw error;
    }
  }

  get rollout(): Rollout {
    return this.servers.application.container.get(Rollout);
  }

  get url(): string {
    return this.servers.application.url;
  }

  get alertmanager(): AlertmanagerServer {
    return this.servers.alertmanager;
  }

  /** As an operator. */
  ask(what: Ask): Promise<Answer> {
    return ask(this.url, { ...what, headers: { authorization: `Bearer ${tokenOf('operator')}` } });
  }

  breakNewPath(): void {
    this.servers.fleet.useChaos(BROKEN);
  }

  mendNewPath(): void {
    this.servers.fleet.useChaos(CALM);
  }

  /** What Prometheus finds firing, by name. */
  async firing(): Promise<string[]> {
    const { body } = await ask(this.servers.prometheus.url, { path: '/api/v1/alerts' });
    const { alerts } = (body as { data: { alerts: { state: string; labels: { alertname: string } }[] } })
      .data;
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }

  async stop(): Promise<void> {
    await this.load.stop();
    await closeAll(this.started);
  }

  get facts(): RecordedFacts {
    return this.servers.facts;
  }

  /** Series of this name that Prometheus has. */
  async recorded(name: string): Promise<number> {
    const path = `/api/v1/query?query=${encodeURIComponent(`${name} > 0`)}`;
    const { body } = await ask(this.servers.prometheus.url, { path });
    return (body as { data: { result: unknown[] } }).data.result.length;
  }
}

function alertmanagerConfig(url: string, folder: string): unknown {
  const tokenFile = join(folder, 'hook-token');
  writeFileSync(tokenFile, tokenOf('hook'));
  const text = readFileSync(join(ROOT, 'alerts/alertmanager.yaml'), 'utf8');
  return parse(text.replaceAll(HOOK_HOST, url).replaceAll(HOOK_TOKEN_FILE, tokenFile));
}

function prometheusConfig(metricsPort: number, alertmanagerPort: number): unknown {
  const at = (port: number) => [{ targets: [`127.0.0.1:${port}`] }];
  return {
    global: { scrape_interval: '1s', evaluation_interval: '5s' },
    rule_files: [join(ROOT, 'alerts/*.rules.yaml')],
    alerting: { alertmanagers: [{ static_configs: at(alertmanagerPort) }] },
    scrape_configs: [{ job_name: 'pointsman', static_configs: at(metricsPort) }],
  };
}

async function startChain({ guard }: { guard: boolean }, started: Closing[]): Promise<AlertChain> {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-chain-'));
  started.push(() => rmSync(folder, { recursive: true, force: true }));
  const facts = new RecordedFacts();
  const redis = new RedisLab();
  started.push(() => redis.close());
  const { url } = await redis.server();
  const port = await freePort();
  const application = await startApplication({
    accessRules: rulesFor('hook', 'operator', 'viewer'),
    settings: settingsOf({ guard, store: url, alertmanager: port }),
    observers: [(fact) => (fact.kind === 'alert_received' ? facts.observe(fact) : undefined)],
  });
  started.push(() => application.stop());
  const alertmanager = new AlertmanagerServer(port, alertmanagerConfig(application.url, folder));
  started.push(() => alertmanager.close());
  await alertmanager.start();
  // Alerts that go on firing are told to Alertmanager with each look, not once a minute.
  const prometheus = new PrometheusServer(prometheusConfig(application.ports.metrics, port), [
    '--rules.alert.resend-delay=1s',
  ]);
  started.push(() => prometheus.close());
  await prometheus.start();
  const fleet = await startFleet(application, { size: DEVICES, seed: testSeed(), timing: 'lab' });
  started.push(() => fleet.stop());
  const chain = new AlertChain({ facts, application, prometheus, alertmanager, fleet }, started);
  await until(async () => (await chain.recorded('tcp_comm:command_events:increase1m')) >= 2, PATIENCE_MS);
  return chain;
}

function settingsOf(about: { guard: boolean; store: string; alertmanager: number }) {
  return {
    store: { url: about.store },
    rollout: { seedPercentage: 25, holdback: 5 },
    guard: { enabled: about.guard, latencyThresholdMs: THRESHOLD_MS },
    // The evaluator has tests of its own; here it must not be quicker than what is tried.
    replicas: { tickMs: 3_600_000 },
    alerting: { alertmanagerUrl: `http://127.0.0.1:${about.alertmanager}`, readMutesMs: 300 },
  };
}
