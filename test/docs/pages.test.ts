import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../support/tool';
import { anchorsOf, linksOf, pages, readPage, type Page } from '../support/markdown';

const all = pages();
const byPath = new Map(all.map((page) => [page.path, page]));

/** Places on somebody's machine. Those that systems have by convention are documented on purpose. */
const MACHINE_PATHS = /(^|[\s"'`(=])\/(home|root|Users|work|private|tmp\/[a-z]+-[\w]{6,})\/[\w./-]*/;

/** What is wrong with a link, or undefined. */
function faultOf(page: Page, link: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
  if (path.startsWith('..') || !existsSync(join(ROOT, path))) return `${link} leads nowhere`;
  if (anchor === undefined || anchor === '') return undefined;
  if (!path.endsWith('.md')) return `${link} has an anchor in a file that has none`;
  const target = byPath.get(path) ?? readPage(path);
  return anchorsOf(target).has(anchor) ? undefined : `${link}: no such heading`;
}

describe.each(all.map((page) => [page.path, page] as const))('%s', (path, page) => {
  test('links to what is there', () => {
    const faults = linksOf(page).map((link) => faultOf(page, link));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  test('closes each block that it opens, and says what is in it', () => {
    expect(page.blocks.filter(({ closed }) => !closed).map(({ line }) => line)).toEqual([]);
    expect(page.blocks.filter(({ language }) => language === '').map(({ line }) => line)).toEqual([]);
  });

  test('names no place of one machine', () => {
    const lines = page.text.split('\n').filter((line) => MACHINE_PATHS.test(line));
    expect(lines).toEqual([]);
  });

  test('begins with its name', () => {
    const [first] = page.prose.filter((line) => line !== '' && !line.startsWith('<!--'));
    expect(path === 'CHANGELOG.md' ? '# ' : first).toMatch(/^# /);
  });
});

test('the index of docs has every page, and no other', () => {
  const index = byPath.get('docs/README.md');
  const listed = new Set(
    index && linksOf(index).map((link) => normalize(join('docs', link.split('#')[0] ?? ''))),
  );
  const folders = ['docs/adr/', 'docs/runbooks/', 'docs/migration/'];
  const wanted = all
    .map(({ path }) => path)
    .filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
    .map((path) => folders.find((folder) => path.startsWith(folder)) ?? path);
  const missing = [...new Set(wanted)].filter((path) => !listed.has(path) && !listed.has(`${path}README.md`));
  expect(missing).toEqual([]);
});
