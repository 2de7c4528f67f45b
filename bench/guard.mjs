// npm run bench:guard: how often the guard rolls back a healthy canary, and how long it takes to see a sick one.
// Runs the product's own guard. Every run has a seed of its own, derived from --seed and its cell, so that the same
// command gives the same tables whatever the number of workers.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { markdown } from './guard/markdown.mjs';
import { SIZES, sections } from './guard/sections.mjs';

const USAGE = `npm run bench:guard -- [--size ${Object.keys(SIZES).join('|')}] [--seed n] [--workers n] [--json file] [--out file.md]\n`;

const options = readOptions();
const started = Date.now();
const plan = sections(options.size, options.seed);
const results = await runAll(plan);
const record = {
  size: options.size,
  seed: options.seed,
  date: new Date().toISOString().slice(0, 10),
  cpuMinutes: Math.round((process.cpuUsage().user / 60e6) * 10) / 10,
  sections: results,
};
if (options.json) write(options.json, `${JSON.stringify(record)}\n`);
if (options.out) write(options.out, markdown(record));
process.stderr.write(`done after ${Math.round((Date.now() - started) / 1000)} s\n`);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        size: { type: 'string', default: 'normal' },
        seed: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
        json: { type: 'string' },
        out: { type: 'string' },
        /** Writes the page again from a record that was kept. */
        from: { type: 'string' },
      },
    });
    if (!(values.size in SIZES)) throw new Error(`there is no size "${values.size}"`);
    if (values.from !== undefined) rewrite(values.from, values.out);
    return { ...values, seed: Number(values.seed), workers: Number(values.workers) };
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

function rewrite(from, out) {
  write(out ?? 'guard-simulation.md', markdown(JSON.parse(readFileSync(from, 'utf8'))));
  process.exit(0);
}

/** Deals the runs out to the workers, one at a time, and puts what comes back where it belongs. */
async function runAll(all) {
  const tasks = all.flatMap(({ kind, cells }, section) =>
    cells.flatMap(({ runs }, cell) => runs.map((input, run) => ({ section, cell, run, kind, input }))),
  );
  const outcome = all.map(({ cells }) => cells.map(({ runs }) => new Array(runs.length)));
  let next = 0;
  let done = 0;
  const work = () =>
    new Promise((finish, reject) => {
      const worker = new Worker(fileURLToPath(new URL('guard/worker.mjs', import.meta.url)));
      const deal = () =>
        next < tasks.length ? worker.postMessage(tasks[next++]) : finish(worker.terminate());
      worker.on('error', reject);
      worker.on('message', ({ task: { section, cell, run }, result }) => {
        outcome[section][cell][run] = result;
        done += 1;
        if (done % 100 === 0) process.stderr.write(`${done} of ${tasks.length} runs\n`);
        deal();
      });
      deal();
    });
  await Promise.all(Array.from({ length: options.workers }, work));
  return all.map(({ kind, cells }, section) => ({
    kind,
    cells: cells.map(({ about }, cell) => ({ about, results: outcome[section][cell] })),
  }));
}

function write(file, text) {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
