import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process beside this one that answers questions over its channel, one at a time. */
export class Peer {
  #child;
  #ended = false;

  /**
   * @param {string} file below bench/peers @param {readonly string[]} args
   * @param {{ execArgv?: readonly string[], execPath?: string }} options
   */
  constructor(file, args = [], { execArgv = [], execPath = process.execPath } = {}) {
    const path = fileURLToPath(new URL(`../peers/${file}`, import.meta.url));
    this.#child = fork(path, args, { execArgv, execPath, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.once('exit', () => (this.#ended = true));
  }

  /** What the process says of itself when it is ready. */
  ready() {
    return this.#next();
  }

  /** @param {string} question @param {unknown} detail */
  ask(question, detail) {
    const answer = this.#next();
    this.#child.send({ question, detail });
    return answer;
  }

  async stop() {
    if (this.#ended) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #next() {
    return new Promise((resolve, reject) => {
      const onExit = (code, signal) => reject(new Error(`a peer ended with ${code ?? signal}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (message) => {
        this.#child.off('exit', onExit);
        if (message.error) reject(new Error(message.error));
        else resolve(message.answer);
      });
    });
  }
}

/**
 * The other end: says `ready`, then answers by the table until the parent is gone.
 * @param {unknown} ready @param {Record<string, (detail: unknown) => unknown>} answers
 */
export function serve(ready, answers) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ question, detail }) => {
    try {
      process.send({ answer: (await answers[question](detail)) ?? null });
    } catch (error) {
      process.send({ error: error.stack });
    }
  });
  process.send({ answer: ready });
}
