import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execForm, pairsOf, type Stage } from './dockerfile';
import { makeReadOnly } from './image-build';

const isRoot = process.getuid?.() === 0;

/** A container of an image that is a folder: its user, its variables, a tree that it cannot write to. */
export class ContainerRun {
  private readonly user: number;
  private readonly variables: Readonly<Record<string, string>>;
  private readonly folder: string;
  private process: ChildProcess | undefined;
  private log = '';

  constructor(
    private readonly image: Stage,
    root: string,
  ) {
    this.user = Number(this.last('USER').split(':')[0]);
    this.folder = join(root, this.last('WORKDIR'));
    const volume = join(root, '/var/lib/pointsman');
    const temporary = join(root, 'tmp');
    mkdirSync(temporary, { recursive: true });
    // What is root's nobody else can write to; and links must not change what they are links to.
    if (!isRoot) makeReadOnly(root);
    for (const writable of [volume, temporary]) makeWritable(writable, this.user);
    this.variables = {
      ...pairsOf(this.last('ENV')),
      PATH: join(root, '/usr/local/bin'),
      POINTSMAN_STATE_DIR: volume,
      TMPDIR: temporary,
    };
  }

  /** Starts what ENTRYPOINT names, and resolves with the port of the API. */
  async start(environment: Readonly<Record<string, string>>): Promise<number> {
    const [program = '', ...args] = execForm(this.last('ENTRYPOINT'));
    const child = spawn(program, args, { ...this.settings(environment), stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    child.stderr.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      this.log += `${line}\n`;
      const { event, http } = JSON.parse(line) as { event?: string; http?: number };
      if (event !== 'started' || http === undefined) continue;
      child.stdout.resume();
      return http;
    }
    throw new Error(`it ended before it had started: ${this.log}`);
  }

  /** The health check of the image: 0 is healthy. */
  health(port: number): number | null {
    const [program = '', ...args] = execForm(this.last('HEALTHCHECK').replace(/^.*?CMD\s+/, ''));
    return spawnSync(program, args, this.settings({ POINTSMAN_HTTP_PORT: String(port) })).status;
  }

  /** What a script prints that runs as the container's user. */
  say(script: string): string {
    return spawnSync('node', ['-p', script], { ...this.settings({}), encoding: 'utf8' }).stdout.trim();
  }

  async stop(): Promise<number | null> {
    const { process: child } = this;
    if (child?.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(this.last('STOPSIGNAL') as NodeJS.Signals);
    return ((await ended) as [number | null])[0];
  }

  private settings(environment: Readonly<Record<string, string>>) {
    const env = { ...this.variables, ...environment };
    return { cwd: this.folder, env, ...(isRoot && { uid: this.user, gid: this.user }) };
  }

  private last(name: string): string {
    const found = this.image.instructions.filter((instruction) => instruction.name === name).at(-1);
    if (!found) throw new Error(`the image has no ${name}`);
    return found.rest;
  }
}

function makeWritable(folder: string, user: number): void {
  spawnSync('chmod', ['u+rwx', folder]);
  if (isRoot) chownSync(folder, user, user);
}
