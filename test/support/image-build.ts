import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Instruction, Stage } from './dockerfile';
import { ROOT } from './tool';

/** The one file that is taken from a base image; here it is the Node that runs the tests. */
const NODE_OF_THE_IMAGE = '/usr/local/bin/node';

/** Does what a Dockerfile says in folders instead of containers: each stage is a folder, which stands for its `/`. */
export class ImageBuild {
  private readonly folders = new Map<string, string>();

  constructor(private readonly folder: string) {}

  /** The folder of a stage; what is put into it before the stage runs is there as if a base image had brought it. */
  rootOf({ name }: Stage): string {
    const folder = this.folders.get(name) ?? join(this.folder, name === '' ? 'image' : name);
    this.folders.set(name, folder);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  run(stage: Stage): void {
    const root = this.rootOf(stage);
    let workdir = '/';
    for (const instruction of stage.instructions) {
      if (instruction.name === 'WORKDIR') {
        workdir = instruction.rest;
        mkdirSync(join(root, workdir), { recursive: true });
      } else if (instruction.name === 'COPY') this.copy(instruction, join(root, workdir), root);
      else if (instruction.name === 'RUN') runCommand(instruction.rest, join(root, workdir));
    }
  }

  private copy({ flags, rest }: Instruction, workdir: string, root: string): void {
    const words = rest.split(/\s+/);
    const target = words.at(-1) ?? '';
    const to = isAbsolute(target) ? join(root, target) : join(workdir, target);
    for (const source of words.slice(0, -1)) {
      const from = this.sourceOf(source, flags.from);
      const into = target.endsWith('/') ? join(to, basename(source)) : to;
      mkdirSync(dirname(into), { recursive: true });
      if (flags.from === undefined) cpSync(from, into, { recursive: true, filter: inContext });
      else if (lstatSync(from).isDirectory()) renameSync(from, into);
      else cpSync(from, into);
    }
  }

  private sourceOf(source: string, stage: string | undefined): string {
    if (stage === undefined) return join(ROOT, source);
    const file = join(this.folders.get(stage) ?? '', source);
    return source === NODE_OF_THE_IMAGE && !existsSync(file) ? process.execPath : file;
  }
}

/** What .dockerignore lets through: names at the top that it lists, less the patterns behind them. */
export function inContext(path: string): boolean {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const listed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const [top = ''] = path.slice(ROOT.length + 1).split('/');
  return listed.includes(top) && !path.endsWith('.test.ts') && basename(path) !== 'node_modules';
}

/** Takes the right to write from everybody, in everything. */
export function makeReadOnly(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeReadOnly(join(path, name));
  chmodSync(path, stats.mode & 0o555);
}

/** The same files under another name: as a copy, at once. */
export function linkTree(from: string, to: string, isWanted: (name: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true }).filter(({ name }) => isWanted(name))) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isFile()) linkSync(source, target);
  }
}

function runCommand(command: string, cwd: string): void {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(POINTSMAN_|NODE_ENV$|npm_)/.test(name),
  );
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    env: Object.fromEntries(inherited),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
}
