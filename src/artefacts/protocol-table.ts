import { CATALOGUE, typeLabel, type CatalogueRow } from '../protocol/catalogue';
import { documentPart, type Artefact } from './artefact';
import { markdownTable } from './markdown-table';

const HEADINGS = ['type', 'name', 'sent by', 'body, bytes', 'answered by', 'message id'] as const;

/** The catalogue of message types, in its place in the page about the protocol. */
export function protocolTable(): Artefact {
  return documentPart('docs/protocol.md', 'catalogue', catalogueTable());
}

/** The catalogue of message types as a table for people. */
export function catalogueTable(): string {
  const rows = (CATALOGUE as readonly unknown[] as readonly CatalogueRow[]).map(cellsOf);
  return markdownTable(HEADINGS, rows);
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
