import { evidenceLines, evidenceRows } from './evidence-rows';

const textOf = (evidence: Record<string, unknown>, rowsOf = evidenceRows) =>
  rowsOf(evidence).map(([name, text]) => `${name}: ${text}`);

describe('evidence for people', () => {
  it('stands in rows, with what is nested under the name of what it is in', () => {
    const evidence = {
      rule: 'burn_1h_5m',
      thresholds: { factor: 14.4, badShare: 0.0144, minimumEvents: 209, minimumFailures: 3, apart: 5 },
      new: { '1h': { bad: 40, all: 400, coverage: 0.0123456789 }, '6h': null },
      streak: ['2026-01-01T10:00:00.000Z'],
    };
    expect(textOf(evidence)).toEqual([
      'rule: burn_1h_5m',
      'thresholds.factor: 14.4',
      'thresholds.badShare: 0.0144',
      'thresholds.minimumEvents: 209',
      'thresholds.minimumFailures: 3',
      'thresholds.apart: 5',
      'new.1h: bad 40, all 400, coverage 0.0123457',
      'new.6h: -',
      'streak: 2026-01-01T10:00:00.000Z',
    ]);
  });

  it('counts what is too long to read, and cuts what is too long for a line of a terminal', () => {
    const rows = Array.from({ length: 300 }, (_, at) => [at, 1, 0, 0, 9, 0, 0]);
    expect(textOf({ looks: { rows } })).toEqual([
      'looks.rows: 300 of them; pointsman history --output json shows all',
    ]);
    const query = 'x'.repeat(500);
    expect(textOf({ query })).toEqual([`query: ${query}`]);
    expect(textOf({ query }, evidenceLines)).toEqual([`query: ${'x'.repeat(160)}…`]);
  });

  it('shows each alert with its labels', () => {
    const alerts = [{ labels: { alertname: 'PointsmanFastRollback', generation: '3' }, status: 'firing' }];
    expect(textOf({ alerts })).toEqual([
      'alerts.1.labels.alertname: PointsmanFastRollback',
      'alerts.1.labels.generation: 3',
      'alerts.1.status: firing',
    ]);
  });
});
