import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CATALOGUE, typeLabel } from '../protocol/catalogue';
import { catalogueTable, withCatalogueTable } from './protocol-table';

describe('the catalogue table', () => {
  it('has a row for every type', () => {
    const rows = catalogueTable().split('\n').slice(2);
    expect(rows.map((row) => row.slice(2, 6))).toEqual(CATALOGUE.map((row) => typeLabel(row.type)));
  });

  it('says who sends a type, how long it is, what answers it and whether it is numbered', () => {
    const cells = catalogueTable()
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim()));
    expect(cells).toContainEqual([
      '',
      '0x73',
      'data',
      'device, controller, app',
      '7 or more',
      '0x7B or 0x78',
      'yes',
      '',
    ]);
    expect(cells).toContainEqual(['', '0xD3', 'heartbeat', 'device, app', '0', '0xD8', '', '']);
  });

  it('is in docs/protocol.md as the catalogue has it now', () => {
    const document = readFileSync(resolve(__dirname, '../../docs/protocol.md'), 'utf8');
    expect(withCatalogueTable(document)).toBe(document);
  });
});

describe('withCatalogueTable', () => {
  it('replaces what stands between the marks and nothing else', () => {
    const document = 'a\n<!-- generated:catalogue -->\nold\n<!-- /generated -->\nb <!-- /generated -->\n';
    expect(withCatalogueTable(document)).toBe(
      `a\n<!-- generated:catalogue -->\n\n${catalogueTable()}\n\n<!-- /generated -->\nb <!-- /generated -->\n`,
    );
  });

  it('says so when there is no place for the table', () => {
    expect(withCatalogueTable('no marks')).toBeUndefined();
    expect(withCatalogueTable('<!-- /generated --> <!-- generated:catalogue -->')).toBeUndefined();
  });
});
