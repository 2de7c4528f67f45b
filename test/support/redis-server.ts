import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port';
import { until } from './until';

const runFile = promisify(execFile);

/**
 * A shell between: it kills the server, frozen or not, as soon as its own standard input ends. So the server is gone
 * when the test process is, however that ended.
 */
const KEEPER =
  '"$@" & child=$!; echo "pid $child"; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null';

const HOST = '127.0.0.1';
const READY = /Ready to accept connections|Sentinel ID is/;

/** A real server in a process and a folder of its own. */
export class RedisServer {
  private keeper: ChildProcessWithoutNullStreams | undefined;
  private pid = 0;
  private output = '';

  /** `args` as on the command line of redis-server; nothing is saved to disk unless they say so. */
  constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly args: readonly string[],
  ) {}

  get url(): string {
    return `redis://${HOST}:${this.port}`;
  }

  async start(): Promise<void> {
    this.output = '';
    const keeper = spawn('sh', ['-c', KEEPER, 'keeper', 'redis-server', ...this.args], { cwd: this.folder });
    this.keeper = keeper;
    keeper.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    keeper.stderr.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    let ended = false;
    keeper.once('error', () => (ended = true));
    await until(() => ended || READY.test(this.output) || /exiting|Fatal|bind:/i.test(this.output));
    if (!READY.test(this.output)) throw new Error(`redis-server did not start: ${this.output}`);
    this.pid = Number(/^pid (\d+)$/m.exec(this.output)?.[1]);
  }

  /** It takes connections and answers nothing. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Ends it at once, without saving. */
  async kill(): Promise<void> {
    const { keeper } = this;
    if (!keeper) return;
    this.keeper = undefined;
    if (keeper.exitCode !== null) return;
    const closed = once(keeper, 'close');
    keeper.stdin.end();
    await closed;
  }

  /** Kills it and starts it on the same port, with what it had saved: nothing, unless it was told to. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** What redis-cli answers. */
  async cli(...args: readonly string[]): Promise<string> {
    const { stdout } = await runFile('redis-cli', ['-h', HOST, '-p', String(this.port), ...args]);
    return stdout.trim();
  }
}

/** The Redis processes of one test. */
export class RedisLab {
  private readonly servers: RedisServer[] = [];
  private readonly folders: string[] = [];

  /** Starts a server with these options, such as `['--appendonly', 'yes']`. */
  async server(...options: readonly string[]): Promise<RedisServer> {
    const port = await freePort();
    const folder = this.folder();
    const common = ['--port', String(port), '--bind', HOST, '--save', '', '--dir', folder];
    return this.started(new RedisServer(port, folder, [...common, ...options]));
  }

  /** A server that copies another. */
  replicaOf(master: RedisServer): Promise<RedisServer> {
    return this.server('--replicaof', HOST, String(master.port), '--repl-diskless-sync-delay', '0');
  }

  /** Processes that watch a master under the name "pointsman" and choose another one when it is silent. */
  async sentinels(master: RedisServer, count: number, downAfterMs: number): Promise<readonly RedisServer[]> {
    const made: RedisServer[] = [];
    for (let number = 0; number < count; number += 1) {
      const port = await freePort();
      const folder = this.folder();
      const file = join(folder, 'sentinel.conf');
      writeFileSync(file, sentinelFile({ port, folder, master: master.port, count, downAfterMs }));
      made.push(await this.started(new RedisServer(port, folder, [file, '--sentinel'])));
    }
    await until(async () => (await knownBy(made)).every((others) => others === count - 1));
    return made;
  }

  /** Ends everything, also what is frozen. */
  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => server.kill()));
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  private async started(server: RedisServer): Promise<RedisServer> {
    this.servers.push(server);
    await server.start();
    return server;
  }

  private folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'pointsman-redis-'));
    this.folders.push(folder);
    return folder;
  }
}

interface SentinelFile {
  readonly port: number;
  readonly folder: string;
  readonly master: number;
  readonly count: number;
  readonly downAfterMs: number;
}

function sentinelFile({ port, folder, master, count, downAfterMs }: SentinelFile): string {
  return [
    `port ${port}`,
    `bind ${HOST}`,
    `dir ${folder}`,
    `sentinel monitor pointsman ${HOST} ${master} ${Math.floor(count / 2) + 1}`,
    `sentinel down-after-milliseconds pointsman ${downAfterMs}`,
    'sentinel failover-timeout pointsman 3000',
    'sentinel parallel-syncs pointsman 2',
    '',
  ].join('\n');
}

/** How many other Sentinels each of them knows. */
function knownBy(sentinels: readonly RedisServer[]): Promise<number[]> {
  return Promise.all(
    sentinels.map(async (sentinel) => {
      const answer = await sentinel.cli('sentinel', 'master', 'pointsman');
      const [, others] = /num-other-sentinels\n(\d+)/.exec(answer) ?? [];
      return Number(others);
    }),
  );
}
