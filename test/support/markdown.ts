import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tool';

/** A fenced block: what stands behind the fence, and its lines without the indentation of the fence. */
export interface Block {
  readonly language: string;
  readonly attributes: readonly string[];
  readonly text: string;
  /** Where the fence stands, counted from 1. */
  readonly line: number;
  readonly closed: boolean;
}

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The page with its fenced blocks left out, line by line. */
  readonly prose: readonly string[];
}

const FENCE = /^( *)(```+)(.*)$/;

/** Every page for people in the repository; what is installed and what is built is not ours. */
export function pages(): Page[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const above = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  return [...above, ...inDocs, 'helm/README.md'].sort().map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, ...split(text.split('\n')) };
}

function split(lines: readonly string[]): Pick<Page, 'blocks' | 'prose'> {
  const blocks: Block[] = [];
  const prose: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [opening, indent = '', fence = '', info = ''] = FENCE.exec(lines[at] ?? '') ?? [];
    if (opening === undefined) {
      prose.push(lines[at] ?? '');
      continue;
    }
    const end = lines.findIndex((line, later) => later > at && line.trim() === fence);
    const to = end < 0 ? lines.length : end;
    const [language = '', ...attributes] = info.trim().split(/\s+/);
    const text = lines
      .slice(at + 1, to)
      .map((line) => line.replace(new RegExp(`^ {0,${indent.length}}`), ''));
    blocks.push({ language, attributes, text: text.join('\n'), line: at + 1, closed: end >= 0 });
    at = to;
  }
  return { blocks, prose };
}

/** What links may lead to in a page: its headings, as the usual viewers name them, and anchors in HTML. */
export function anchorsOf({ prose, text }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const [, heading] = /^#{1,6} +(.+?)(?: +#+)?$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const base = slugOf(heading);
    let slug = base;
    for (let count = 1; anchors.has(slug); count += 1) slug = `${base}-${count}`;
    anchors.add(slug);
  }
  for (const [, name = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** Targets of links and pictures. */
export function linksOf({ prose }: Page): string[] {
  const text = prose.join('\n').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const referenced = [...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...referenced].map(([, target = '']) => target);
}

/** Code within sentences. */
export function inlineCode({ prose }: Page): string[] {
  return prose
    .filter((line) => !line.startsWith('    '))
    .flatMap((line) => [...line.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = '']) => code));
}

/** The commands of a block of shell, each on one line: continued lines are put together, comments left out. */
export function commandsIn(shell: string): string[] {
  return shell
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^| +)#(?![^"']*["']).*$/, '').trim())
    .filter((line) => line !== '');
}
