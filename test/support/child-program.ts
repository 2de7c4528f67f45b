import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** Compiles these folders of src into `folder`, for a child process that needs no build of the whole. */
export function compileInto(folder: string, sources: readonly string[]): void {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true };
  for (const source of sources) {
    const from = join(ROOT, 'src', source);
    for (const name of readdirSync(from).filter((file) => /(?<!\.test|\.module)\.ts$/.test(file))) {
      const { outputText } = transpileModule(readFileSync(join(from, name), 'utf8'), { compilerOptions });
      const target = join(folder, source, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
  }
}

/** Starts a script in a process of its own, with the packages of this project within its reach. */
export function startChild(folder: string, script: string, args: readonly string[] = []): ChildProcess {
  const file = join(folder, 'child.js');
  writeFileSync(file, script);
  return spawn(process.execPath, [file, ...args], {
    cwd: folder,
    env: { NODE_PATH: join(ROOT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Hands on each line that a process prints, and resolves when it has ended, with what it wrote to stderr. */
export function readLines(child: ChildProcess, onLine: (line: string) => void): Promise<string> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the process was started without pipes');
  let errors = '';
  stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  createInterface({ input: stdout }).on('line', onLine);
  return new Promise((done) => child.on('close', () => done(errors)));
}
