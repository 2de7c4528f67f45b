import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until';

/** Kills the server as soon as its own standard input ends: so it never outlives the test process. */
const KEEPER = '"$@" & child=$!; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null';
/** A whole line: half of a port is another port. */
const LISTENING = /msg="?Listening on"? address=[^ \n]*:(\d+)\n/i;
/** Debian calls it otherwise. */
const NAMES = ['alertmanager', 'prometheus-alertmanager'];

/** A real Alertmanager on a port and in a folder of its own. */
export class AlertmanagerServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pointsman-alertmanager-'));
  private keeper: ChildProcessWithoutNullStreams | undefined;
  private output = '';
  private port = 0;

  /** `config`: what alertmanager.yml says; JSON is YAML. */
  constructor(
    private readonly config: unknown = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] },
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const file = join(this.folder, 'alertmanager.yml');
    writeFileSync(file, JSON.stringify(this.config));
    const args = [
      `--config.file=${file}`,
      `--storage.path=${join(this.folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ];
    const keeper = spawn('sh', ['-c', KEEPER, 'keeper', binary(), ...args], { cwd: this.folder });
    this.keeper = keeper;
    for (const stream of [keeper.stdout, keeper.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    let ended = false;
    keeper.once('close', () => (ended = true));
    await until(() => ended || LISTENING.test(this.output));
    const [, port] = LISTENING.exec(this.output) ?? [];
    if (port === undefined) throw new Error(`alertmanager did not start: ${this.output}`);
    this.port = Number(port);
  }

  /** Ends it and removes its folder. */
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

function binary(): string {
  const found = NAMES.find((name) => spawnSync(name, ['--version']).error === undefined);
  if (found === undefined) throw new Error('alertmanager is not on the PATH; npm test installs it');
  return found;
}
