import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command line as a process of its own. */
export class Program {
  out = '';
  err = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<number | null>;
  private onOutput: () => void = () => {};

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    if (!existsSync(PROGRAM))
      throw new Error(`${PROGRAM} is not built: run npm run build, or npm test, which builds it`);
    this.child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...inherited(), ...environment } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.add('out', text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.add('err', text));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
    this.child.stdin.end();
  }

  /** Resolves with the match as soon as standard output has it; rejects when the program ends without it. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve) => {
      this.onOutput = () => {
        const match = pattern.exec(this.out);
        if (match) resolve(match);
      };
      this.onOutput();
    });
    const lost = this.ended.then((code) => {
      throw new Error(
        `the program ended with ${code} before it printed ${String(pattern)}: ${this.out}${this.err}`,
      );
    });
    return Promise.race([found, lost]);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(): Promise<Ended> {
    const code = await this.ended;
    return { code, out: this.out, err: this.err };
  }

  private add(stream: 'out' | 'err', text: string): void {
    this[stream] += text;
    this.onOutput();
  }
}

/** Runs a command to its end. */
export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Program(args, environment).end();
}

/** Ports that the system chooses, and none of the caller's own settings. */
export const FREE_PORTS = {
  POINTSMAN_HTTP_PORT: '0',
  POINTSMAN_METRICS_PORT: '0',
  POINTSMAN_DEVICE_PORT: '0',
  POINTSMAN_DEVICE_TLS_PORT: '0',
} as const;

function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('POINTSMAN_')));
}
