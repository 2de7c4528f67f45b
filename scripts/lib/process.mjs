// Running other programs from the scripts: their output is the person's, and so are the signals.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A fault that a person can act on: printed as one sentence, without a stack. */
export class Refusal extends Error {}

const ORPHAN_CHECK_MS = 500;

/**
 * Ends this process when npm, which started it, is gone. A SIGTERM to npm ends npm and its shell, but some shells do not
 * pass it on, and the program would stay behind with its ports.
 */
export function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, ORPHAN_CHECK_MS);
  timer.unref();
  // Ctrl-C reaches everybody at once: who is stopping already must not be told a second time.
  for (const signal of FORWARDED) process.once(signal, () => onSignal(signal, timer));
}

function onSignal(signal, timer) {
  clearInterval(timer);
  // Having listened must not keep the signal from doing what it does where nobody else listens.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** Runs a script's main function; a refusal ends it with its sentence and exit code 1. */
export async function main(run) {
  endWithParent();
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * Runs a program to its end and resolves with its exit code. Signals that would end this process are passed on
 * instead, so that nothing is left behind. With `capture` the output is returned, not shown.
 */
export function run(command, args, { cwd = ROOT, env = process.env, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { cwd, env, stdio, shell: needsShell(command) });
    const pass = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, pass);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of FORWARDED) process.off(name, pass);
      resolve({ code: code ?? 128 + constants.signals[signal], output: Buffer.concat(output).toString() });
    });
  });
}

/** Runs the main file of an installed package with this Node. `file` is relative to node_modules. */
export function runPackage(file, args, options = {}) {
  return run(process.execPath, [join(ROOT, 'node_modules', file), ...args], options);
}

/** Runs npm: the one that started this script where there is one, so that no other version is mixed in. */
export function npm(args, options = {}) {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js')) return run(process.execPath, [running, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

function needsShell(command) {
  return command.endsWith('.cmd');
}
