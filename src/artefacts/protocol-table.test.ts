import { CATALOGUE, typeLabel } from '../protocol/catalogue';
import { catalogueTable } from './protocol-table';

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
});
