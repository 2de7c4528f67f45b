import { plain, type Block, type Cell } from './blocks';

/** Characters that mean something to Markdown, wherever they stand on a line. */
const SPECIAL = /[\\`*_[\]<>|~&#!@]/g;

/** A document as GitHub-flavoured Markdown. What people wrote means nothing in it but itself. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks
    .map(render)
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

/** Addresses do not become links either. */
function escapeMarkdown(text: string): string {
  return plain(text).replace(SPECIAL, '\\$&').replaceAll('://', '\\://').replaceAll('www.', 'www\\.');
}

function render(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}`;
    case 'text':
      return atLineStart(escapeMarkdown(block.text));
    case 'verdict':
      return `**${escapeMarkdown(block.text)}**`;
    case 'list':
      return block.items.map((item) => `- ${atLineStart(escapeMarkdown(item))}`).join('\n');
    case 'table':
      return [
        row(block.head.map((text) => ({ text }))),
        row(block.head.map(() => ({ text: '---' }))),
        ...block.rows.map(row),
      ].join('\n');
  }
}

function row(cells: readonly Cell[]): string {
  return `| ${cells.map(({ text }) => escapeMarkdown(text)).join(' | ')} |`;
}

/** A dash, a plus or a number with a dot would begin a list there. */
function atLineStart(text: string): string {
  return text.replace(/^([-+=]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}
