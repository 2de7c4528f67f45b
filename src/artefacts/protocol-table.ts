import { CATALOGUE, typeLabel, type CatalogueRow } from '../protocol/catalogue';

const BEGIN = '<!-- generated:catalogue -->';
const END = '<!-- /generated -->';
const HEADINGS = ['type', 'name', 'sent by', 'body, bytes', 'answered by', 'message id'] as const;

/** The catalogue of message types as a table for people, in the layout that the formatter keeps. */
export function catalogueTable(): string {
  const rows = (CATALOGUE as readonly unknown[] as readonly CatalogueRow[]).map(cellsOf);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [HEADINGS, rule, ...rows].map(line).join('\n');
}

/**
 * The document with its catalogue table brought up to date, or undefined when it has no place marked for one. A
 * document that comes back unchanged has not drifted.
 */
export function withCatalogueTable(document: string): string | undefined {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) return undefined;
  return `${document.slice(0, begin)}${BEGIN}\n\n${catalogueTable()}\n\n${document.slice(end)}`;
}

function cellsOf(row: CatalogueRow): string[] {
  return [
    typeLabel(row.type),
    row.name,
    row.sentBy.join(', '),
    'exactly' in row.size ? `${row.size.exactly}` : `${row.size.atLeast} or more`,
    row.answers.map(typeLabel).join(' or '),
    row.numbered ? 'yes' : '',
  ];
}
