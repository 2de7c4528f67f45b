import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsIn, inlineCode, type Block, type Page } from './markdown';
import { ROOT } from './tool';

/** A command as a page shows it. */
export interface Documented {
  readonly command: string;
  /** Exit codes with which it does what the page says. */
  readonly exits: readonly number[];
  /** What the rollout has to be like for it: `latched`, `frozen`, or as the demonstration begins. */
  readonly given: string;
}

export interface ShellEnded {
  readonly code: number | null;
  readonly out: string;
}

const KNOWN = /^(pointsman|promtool|amtool|curl|redis-cli|df|ls) /;
/** Nobody but the reader can fill these in. */
const TEMPLATE = /<[\w ]+>/;

export function isRun({ language, attributes }: Block): boolean {
  return language === 'sh' && !attributes.includes('parse');
}

/** Commands in blocks, and those in sentences that are complete. */
export function runnable(page: Page): Documented[] {
  const inBlocks = page.blocks.filter(isRun).flatMap((block) =>
    commandsIn(block.text).map((command) => ({
      command,
      exits: attribute(block, 'exits')?.split(',').map(Number) ?? [0],
      given: attribute(block, 'given') ?? givenFor(command),
    })),
  );
  const inSentences = inlineCode(page)
    .filter((code) => KNOWN.test(code) && !TEMPLATE.test(code))
    .map((command) => ({ command, exits: [0], given: givenFor(command) }));
  return [...inBlocks, ...inSentences];
}

/** What undoes something wants something to undo. */
function givenFor(command: string): string {
  if (command.startsWith('pointsman release')) return 'latched';
  return command.startsWith('pointsman unfreeze') ? 'frozen' : '';
}

function attribute({ attributes }: Block, name: string): string | undefined {
  const prefix = `${name}=`;
  return attributes.find((text) => text.startsWith(prefix))?.slice(prefix.length);
}

/** What the shell says against it; nothing is run. */
export function syntaxFault(shell: string): string {
  return spawnSync('bash', ['-n'], { input: shell, encoding: 'utf8' }).stderr;
}

/** A folder like that of the repository, in which `pointsman` is on the PATH and a command may write. */
export class Shell {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pointsman-shell-'));

  constructor(private readonly environment: Readonly<Record<string, string>>) {
    for (const name of readdirSync(ROOT)) {
      if (!name.startsWith('.') && name !== 'state') symlinkSync(join(ROOT, name), join(this.folder, name));
    }
    mkdirSync(join(this.folder, 'state'));
    mkdirSync(join(this.folder, '.bin'));
    const program = join(this.folder, '.bin', 'pointsman');
    writeFileSync(
      program,
      `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist', 'cli', 'main.js')}" "$@"\n`,
    );
    chmodSync(program, 0o755);
  }

  run(command: string): Promise<ShellEnded> {
    const { PATH = '', HOME = '' } = process.env;
    const env = { HOME, PATH: `${join(this.folder, '.bin')}:${PATH}`, ...this.environment };
    const child = spawn('bash', ['-c', command], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (out += text));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
