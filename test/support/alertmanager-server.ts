import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ask, type Answer } from './http';
import { until } from './until';

/** Debian calls it otherwise than everybody else does. */
const NAMES = 'command -v prometheus-alertmanager || command -v alertmanager';
/** Kills the server as soon as its own standard input ends: so it never outlives the test process. */
const KEEPER = `"$(${NAMES})" "$@" & child=$!; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null`;
const READY = 'msg="Listening on"';

/** An alert as the API shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly silencedBy: readonly string[] };
}

/** A real Alertmanager on a port that was chosen before. */
export class AlertmanagerServer {
  private keeper: ChildProcessWithoutNullStreams | undefined;
  private folder = '';

  constructor(
    readonly port: number,
    private readonly config: unknown,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'pointsman-alertmanager-'));
    const file = join(this.folder, 'alertmanager.yaml');
    writeFileSync(file, stringify(this.config));
    const args = [
      `--config.file=${file}`,
      `--storage.path=${join(this.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${this.port}`,
      // No others to talk to.
      '--cluster.listen-address=',
    ];
    const keeper = spawn('sh', ['-c', KEEPER, 'keeper', ...args], { cwd: this.folder });
    this.keeper = keeper;
    let output = '';
    let ended = false;
    for (const stream of [keeper.stdout, keeper.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    keeper.once('close', () => (ended = true));
    await until(() => ended || output.includes(READY));
    if (ended) throw new Error(`alertmanager did not start: ${output}`);
  }

  /** Another one in its place, that knows nothing of what was delivered: what still fires is delivered again. */
  async startAfresh(): Promise<void> {
    await this.close();
    await this.start();
  }

  /** An alert as a Prometheus sends it that sees it fire for another hour. */
  fire(labels: Readonly<Record<string, string>>, now: Date): Promise<Answer> {
    const endsAt = new Date(now.getTime() + 3_600_000).toISOString();
    return ask(this.url, { path: '/api/v2/alerts', body: [{ labels, startsAt: now.toISOString(), endsAt }] });
  }

  /** What fires and asks for a rollback. */
  async rollbackAlerts(): Promise<readonly ShownAlert[]> {
    const filter = encodeURIComponent('action="rollback"');
    return (await ask(this.url, { path: `/api/v2/alerts?filter=${filter}` })).body as ShownAlert[];
  }

  /** Mutes an alert for an hour, as somebody does who wants to sleep. */
  silence(alertname: string, createdBy: string, now: Date): Promise<Answer> {
    const matchers = [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }];
    const endsAt = new Date(now.getTime() + 3_600_000).toISOString();
    const body = { matchers, startsAt: now.toISOString(), endsAt, createdBy, comment: 'too loud' };
    return ask(this.url, { path: '/api/v2/silences', body });
  }

  async close(): Promise<void> {
    const { keeper } = this;
    this.keeper = undefined;
    if (keeper?.exitCode === null) {
      const closed = once(keeper, 'close');
      keeper.stdin.end();
      await closed;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
