// Runs the benchmarks, or those that are named, prints what they measured and keeps it in results/latest.json.
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aligned } from './lib/format.mjs';
import { machine } from './lib/machine.mjs';
import { node24 } from './lib/node24.mjs';
import { aimRows, figureRows } from './lib/rows.mjs';

const NAMES = [
  'routing',
  'decode',
  'transport',
  'fleet',
  'http',
  'facts',
  'memory',
  'toggle',
  'mirror',
  'slo-tick',
  'propagation',
];
/** Where a newer compiler may change the picture. The others are dominated by the system. */
const NODE24_TOO = ['routing', 'decode', 'transport', 'facts'];
const USAGE = `npm run bench -- [${NAMES.join('|')} …] [--quick] [--node24] [--out <file.json>]\n`;

const { values, positionals } = readArgs();
const names = positionals.length > 0 ? positionals : NAMES;
const executables = [process.execPath, ...(values.node24 ? [await node24()] : [])];
const about = { ...machine(), date: new Date().toISOString().slice(0, 10), quick: values.quick };
const benchmarks = [];
const failures = [];
for (const name of names) {
  try {
    benchmarks.push(await benchmark(name));
  } catch (error) {
    failures.push(error.message);
  }
}
const record = { about: { ...about, loadAfter: Math.round(loadavg()[0] * 100) / 100 }, benchmarks };
save(record, values.out ?? fileURLToPath(new URL('results/latest.json', import.meta.url)));
print(record);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

function readArgs() {
  const options = {
    quick: { type: 'boolean', default: false },
    node24: { type: 'boolean', default: false },
    out: { type: 'string' },
  };
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    const strange = parsed.positionals.find((name) => !NAMES.includes(name));
    if (strange === undefined) return parsed;
    throw new Error(`there is no benchmark "${strange}"`);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

async function benchmark(name) {
  const { title } = await import(`./benchmarks/${name}.mjs`);
  const results = [];
  for (const execPath of NODE24_TOO.includes(name) ? executables : executables.slice(0, 1)) {
    process.stdout.write(`${title} …\n`);
    results.push(await inItsOwnProcess(name, execPath));
  }
  return { name, title, results };
}

function inItsOwnProcess(name, execPath) {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL('one.mjs', import.meta.url));
    const args = [name, JSON.stringify({ quick: values.quick })];
    const child = fork(path, args, { execPath, execArgv: ['--expose-gc'] });
    let result;
    child.once('message', (message) => (result = message));
    child.once('exit', (code, signal) =>
      result ? resolve(result) : reject(new Error(`the benchmark "${name}" ended with ${code ?? signal}`)),
    );
  });
}

function save(content, file) {
  mkdirSync(new URL('results', import.meta.url), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function print({ about: { cpu, cores, loadBefore, loadAfter }, benchmarks: all }) {
  process.stdout.write(`\n${cpu}, ${cores} cores; load ${loadBefore} before and ${loadAfter} after\n`);
  for (const one of all) {
    const nodes = one.results.map(({ node }) => `Node ${node}: median (min..max)`);
    const head = ['', 'unit', ...nodes];
    process.stdout.write(`\n${one.title}\n${aligned([head, ...figureRows(one)])}\n`);
    for (const note of one.results[0].notes ?? []) process.stdout.write(`${note}\n`);
  }
  process.stdout.write(`\n${aligned([['aim', '', 'wanted', 'measured', ''], ...all.flatMap(aimRows)])}\n`);
}
