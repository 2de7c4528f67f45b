// Writes the figures of result files into docs/benchmarks.md: node bench/report.mjs [bench/results/<file>.json …]
// The newest first: of a benchmark that several files have, under the same Nodes, the first is shown.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from './lib/format.mjs';
import { aimRows, figureRows } from './lib/rows.mjs';

const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const BEGIN = '<!-- figures: begin, written by bench/report.mjs -->';
const END = '<!-- figures: end -->';
/** Above this other work shared the cores, and the figures say little. */
const QUIET_LOAD = 0.5;

const given = process.argv.slice(2);
const files = given.length > 0 ? given : [fileURLToPath(new URL('results/latest.json', import.meta.url))];
const page = readFileSync(PAGE, 'utf8');
const [before, rest] = page.split(BEGIN);
const [, after] = rest.split(END);
const shown = new Set();
const content = files
  .map((file) => figures(JSON.parse(readFileSync(file, 'utf8')), basename(file)))
  .join('\n\n');
writeFileSync(PAGE, `${before}${BEGIN}\n\n${content}\n\n${END}${after}`);

function figures({ about, benchmarks: all }, file) {
  const benchmarks = all.filter(isNew);
  const aims = markdownTable(['aim', 'under', 'wanted', 'measured', ''], benchmarks.flatMap(aimRows));
  return [circumstances(about, file), '### Aims', aims, ...benchmarks.map(section)].join('\n\n');
}

function isNew({ name, results }) {
  const key = [name, ...results.map(({ node }) => node)].join(' ');
  return !shown.has(key) && Boolean(shown.add(key));
}

function circumstances({ date, cpu, cores, system, commit, uncommitted, loadBefore, quick }, file) {
  const state = uncommitted ? `${commit} and what was not committed yet` : commit;
  const preliminary = quick || loadBefore > QUIET_LOAD;
  return [
    `Measured on ${date}: ${cpu}, ${cores} cores, ${system}; commit ${state}; file \`${file}\`. ` +
      `Load when it began: ${loadBefore}.`,
    ...(preliminary ? ['**Preliminary**: other work shared the cores, or it was a quick run.'] : []),
  ].join('\n\n');
}

function section(benchmark) {
  const { title, name, results } = benchmark;
  const nodes = results.map(({ node }) => `Node ${node}`);
  const table = markdownTable(['what', 'unit', ...nodes], figureRows(benchmark));
  const notes = (results[0].notes ?? []).join('\n');
  return [`### ${title}`, `\`npm run bench -- ${name}\``, table, ...(notes ? [notes] : [])].join('\n\n');
}
