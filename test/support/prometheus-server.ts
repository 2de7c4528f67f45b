import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorsRate, eventsRate, RECORDED, RULE_INTERVAL_MS } from '../../src/slo/recorded';
import type { Objective } from '../../src/slo/objectives';
import { until } from './until';

const runFile = promisify(execFile);

/** Kills the server, frozen or not, as soon as its own standard input ends: so it never outlives the test process. */
const KEEPER =
  '"$@" & child=$!; echo "pid $child"; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null';
const READY = 'Server is ready to receive web requests';
/** A whole line: half of a port is another port. */
const LISTENING = /msg="Listening on" address=[^ \n]*:(\d+)\n/;
const HOST = '127.0.0.1';
const SECOND_MS = 1000;

/** One line of the text format with an instant: `name{labels} value milliseconds`. */
export interface StoredSample {
  readonly series: string;
  readonly value: number;
  readonly atMs: number;
}

/** The two rates of each objective, as the program's own rule file records them. */
export function ratesRules(objectives: readonly Objective[]): unknown {
  const rules = objectives.flatMap((objective) => {
    const labels = { slo: objective.name };
    return [
      { record: RECORDED.events, expr: eventsRate(objective), labels },
      { record: RECORDED.errors, expr: errorsRate(objective), labels },
    ];
  });
  return { groups: [{ name: 'rates', interval: `${RULE_INTERVAL_MS / SECOND_MS}s`, rules }] };
}

/** A real Prometheus on a port and in a folder of its own. */
export class PrometheusServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pointsman-prometheus-'));
  private keeper: ChildProcessWithoutNullStreams | undefined;
  private pid = 0;
  private output = '';
  private port = 0;

  /** `config`: what prometheus.yml says; JSON is YAML. `flags`: more of its command line. */
  constructor(
    private readonly config: unknown = {},
    private readonly flags: readonly string[] = [],
  ) {}

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  async start(): Promise<void> {
    const file = this.file('prometheus.yml', JSON.stringify(this.config));
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
      '--storage.tsdb.retention.time=60d',
      `--web.listen-address=${HOST}:${this.port}`,
      ...this.flags,
    ];
    this.output = '';
    const keeper = spawn('sh', ['-c', KEEPER, 'keeper', 'prometheus', ...args], { cwd: this.folder });
    this.keeper = keeper;
    for (const stream of [keeper.stdout, keeper.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    let ended = false;
    keeper.once('close', () => (ended = true));
    keeper.once('error', () => (ended = true));
    const isReady = (): boolean => this.output.includes(READY) && LISTENING.test(this.output);
    await until(() => ended || isReady());
    if (!isReady()) throw new Error(`prometheus did not start: ${this.output}`);
    this.pid = Number(/^pid (\d+)$/m.exec(this.output)?.[1]);
    this.port = Number(LISTENING.exec(this.output)?.[1]);
  }

  /** It takes connections and answers nothing. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  async kill(): Promise<void> {
    const { keeper } = this;
    this.keeper = undefined;
    if (keeper?.exitCode !== null) return;
    const closed = once(keeper, 'close');
    keeper.stdin.end();
    await closed;
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts samples into the storage; the server must not run. Those of one series stand together, oldest first. */
  async store(samples: Iterable<StoredSample>): Promise<void> {
    const lines: string[] = [];
    for (const { series, value, atMs } of samples) lines.push(`${series} ${value} ${atMs / SECOND_MS}\n`);
    const file = this.file('samples.txt', `${lines.join('')}# EOF\n`);
    await runFile(
      'promtool',
      ['tsdb', 'create-blocks-from', 'openmetrics', file, join(this.folder, 'data')],
      {
        maxBuffer: 64 * 1024 * 1024,
      },
    );
  }

  /** Evaluates recording rules over the past, as if they had always been there, and starts the server again. */
  async backfill(rules: unknown, fromMs: number, toMs: number): Promise<void> {
    const file = this.file('rules.json', JSON.stringify(rules));
    const out = join(this.folder, 'backfilled');
    await runFile(
      'promtool',
      [
        'tsdb',
        'create-blocks-from',
        'rules',
        `--start=${fromMs / SECOND_MS}`,
        `--end=${toMs / SECOND_MS}`,
        `--eval-interval=${RULE_INTERVAL_MS / SECOND_MS}s`,
        `--output-dir=${out}`,
        `--url=${this.url}`,
        file,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    await this.kill();
    for (const block of readdirSync(out)) renameSync(join(out, block), join(this.folder, 'data', block));
    await this.start();
  }

  /** The samples that are stored, as the API gives them: `[seconds, text]` by series. */
  async stored(
    selector: string,
    window: string,
    endMs: number,
  ): Promise<{ labels: Record<string, string>; samples: { atMs: number; value: number }[] }[]> {
    const query = new URLSearchParams({ query: `${selector}[${window}]`, time: String(endMs / SECOND_MS) });
    const response = await fetch(`${this.url}/api/v1/query?${query.toString()}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    return data.result.map(({ metric, values }) => ({
      labels: metric,
      samples: values.map(([seconds, text]) => ({
        atMs: Math.round(seconds * SECOND_MS),
        value: Number(text),
      })),
    }));
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }
}
