// npm run chart: writes the table of values in helm/README.md from the comments of helm/values.yaml. With --check it
// compares instead. A value without a comment is refused: it would be a value that nobody explains.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, Refusal, ROOT } from './lib/process.mjs';

const README = join(ROOT, 'helm', 'README.md');
const VALUES = join(ROOT, 'helm', 'values.yaml');
const BEGIN = '<!-- generated:values -->';
const END = '<!-- /generated -->';

await main(async () => {
  await ensureDependencies();
  const page = readFileSync(README, 'utf8');
  const wanted = withTable(page, tableOf(readFileSync(VALUES, 'utf8')));
  if (wanted === page) return 0;
  if (process.argv.includes('--check'))
    throw new Refusal('helm/README.md differs from helm/values.yaml: run npm run chart');
  writeFileSync(README, wanted);
  process.stdout.write('helm/README.md\n');
  return 0;
});

function withTable(page, table) {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new Refusal(`helm/README.md has no ${BEGIN} … ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n\n${table}\n\n${page.slice(to)}`;
}

function tableOf(text) {
  const rows = rowsOf(parseDocument(text).contents, []);
  const cells = [
    ['value', 'default', 'what it is'],
    ...rows.map(({ path, value, about }) => [code(path.join('.')), code(JSON.stringify(value)), about]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** A map is a row of its own when it has a comment, else each of its values is one. */
function rowsOf(map, above) {
  return map.items.flatMap((pair, index) => {
    const path = [...above, pair.key.value];
    // The comment of a map's first key is the map's for the parser.
    const about = commentOf(pair.key.commentBefore ?? (index === 0 ? map.commentBefore : undefined));
    if (about !== '') return [{ path, value: pair.value.toJSON(), about }];
    if (!isMap(pair.value) || pair.value.items.length === 0)
      throw new Refusal(`helm/values.yaml: ${path.join('.')} has no comment`);
    return rowsOf(pair.value, path);
  });
}

/** Of several paragraphs the last belongs to the key. */
function commentOf(comment) {
  const paragraph = (comment ?? '').split(/\n\s*\n/).at(-1);
  return paragraph
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
