import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, type Answer, type Ask } from './http';
import { Program, type Ended } from './program';
import { seriesOf } from './scrape';

/** Quick enough for a test; the proportions are those of the defaults. */
const QUICK = {
  tickMs: 300,
  tickTimeoutMs: 2_000,
  announceMs: 200,
  announceTtlMs: 1_000,
  leaseTtlMs: 3_000,
  leaseRenewMs: 500,
  leaseMarginMs: 200,
};

/** `pointsman serve` as a process of its own. */
export class Serving {
  private constructor(
    readonly program: Program,
    readonly url: string,
    readonly metricsPort: number,
    readonly devicePort: number,
  ) {}

  /** Starts one that keeps its state in a folder of its own below `folder`; `settings` as in a configuration file. */
  static async start(
    folder: string,
    name: string,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<Serving> {
    const own = join(folder, name);
    mkdirSync(own);
    const file = join(own, 'config.yaml');
    const base = {
      replica: name,
      stateDir: join(own, 'state'),
      http: { port: 0 },
      metrics: { port: 0 },
      devices: { plainPort: 0, tlsPort: null },
      replicas: QUICK,
    };
    // JSON is YAML too.
    writeFileSync(file, JSON.stringify({ ...base, ...settings }));
    const program = new Program(['serve'], { POINTSMAN_CONFIG: file });
    const [line] = await program.printed(/^.*"event":"started".*$/m);
    const { http, metrics, devices_plain: devices } = JSON.parse(line) as Record<string, number>;
    return new Serving(program, `http://127.0.0.1:${http}`, metrics ?? 0, devices ?? 0);
  }

  ask(what: Ask): Promise<Answer> {
    return ask(this.url, what);
  }

  /** The value of a series without labels. */
  async metric(name: string): Promise<number | undefined> {
    const { body } = await ask(`http://127.0.0.1:${this.metricsPort}`, { path: '/metrics' });
    return seriesOf(String(body), name).get(name);
  }

  /** Told to stop in good order. */
  stop(): Promise<Ended> {
    this.program.signal('SIGTERM');
    return this.program.end();
  }
}
