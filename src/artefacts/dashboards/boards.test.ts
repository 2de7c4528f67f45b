import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../../test/support/temporary-folder';
import { ROOT, runTool } from '../../../test/support/tool';
import { DEFAULT_OBJECTIVES } from '../../slo/objectives';
import { anchorOf } from '../alerts/rule';
import { ruleFiles } from '../alerts/rule-files';
import { boardFaults } from '../lint/board-lint';
import { DEFAULT_RUNBOOK_BASE } from '../runbooks';
import type { Board, Panel } from './board';
import { BOARDS } from './boards';
import { dashboardOf } from './dashboard';
import { expressionsOf } from './queries';

/** What the tests look at of a dashboard as Grafana reads it. */
interface Json {
  readonly uid: string;
  readonly editable: boolean;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly refresh?: number }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly panels: readonly JsonPanel[];
}
interface JsonPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  readonly options?: {
    readonly legend?: { readonly showLegend?: boolean };
    readonly reduceOptions?: { readonly calcs: string[] };
  };
  readonly links?: readonly { readonly url: string }[];
}

const jsonOf = ({ uid }: Board): Json =>
  JSON.parse(readFileSync(join(ROOT, 'dashboards', `${uid}.json`), 'utf8')) as Json;
const panelsOf = (board: Board): JsonPanel[] => jsonOf(board).panels.filter(({ type }) => type !== 'row');

test('nothing is wrong with our dashboards', () => {
  expect(boardFaults(BOARDS, ruleFiles())).toEqual([]);
});

test('every expression satisfies promtool', async () => {
  const rules = BOARDS.flatMap((board) => expressionsOf(board)).map((expr, at) => ({
    record: `dashboard:query:${at}`,
    expr,
  }));
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'dashboards.rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
    const { status, said } = runTool('promtool', ['check', 'rules', file]);
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringContaining(`${rules.length} rules found`) as string,
    });
  });
});

describe.each(BOARDS.map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  test('is built the same each time', () => {
    const built = (): string => JSON.stringify(dashboardOf(board, DEFAULT_RUNBOOK_BASE));
    expect(built()).toBe(built());
  });

  test('numbers its panels in reading order', () => {
    expect(jsonOf(board).panels.map(({ id }) => id)).toEqual(jsonOf(board).panels.map((_, at) => at + 1));
  });

  test('lets no panel overlap another or stand beyond the edge', () => {
    const cells = jsonOf(board).panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(jsonOf(board).panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });

  test('asks the data source that the reader chose, and no other', () => {
    const { templating } = jsonOf(board);
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    const asked = panelsOf(board).flatMap(({ datasource, targets = [] }) => [
      datasource?.uid,
      ...targets.map((target) => target.datasource.uid),
    ]);
    expect(new Set(asked)).toEqual(new Set(['${datasource}']));
    for (const { type, refresh } of templating.list) if (type === 'query') expect(refresh).toBe(2);
  });

  test('shows its legends, and one value in each figure', () => {
    for (const { type, options } of panelsOf(board)) {
      if (type === 'timeseries') expect(options?.legend?.showLegend).toBe(true);
      if (type === 'stat') expect(options?.reduceOptions?.calcs).toEqual(['lastNotNull']);
    }
  });

  test('marks rollbacks, cannot be edited in place, and fits into a ConfigMap', () => {
    const { annotations, editable } = jsonOf(board);
    expect(annotations.list.map(({ name }) => name)).toContain('Rollbacks');
    expect(editable).toBe(false);
    expect(JSON.stringify(jsonOf(board)).length).toBeLessThan(900_000);
  });

  test('links to sections of runbooks that exist', () => {
    const links = panelsOf(board).flatMap(({ links: all = [] }) => all.map(({ url }) => url));
    for (const url of links.filter((one) => one.startsWith(DEFAULT_RUNBOOK_BASE))) {
      const [page = '', anchor] = url.slice(DEFAULT_RUNBOOK_BASE.length + 1).split('#');
      const headings = readFileSync(join(ROOT, 'docs/runbooks', page), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .map((line) => anchorOf(line.replace(/^#+ /, '')));
      if (anchor !== undefined)
        expect([url, headings]).toEqual([url, expect.arrayContaining([anchor]) as unknown]);
    }
  });
});

test('limits on the panels of objectives are what the objectives allow', () => {
  const limit = (uid: string, title: string): number | null | undefined =>
    panelNamed(uid, title).steps?.at(-1)?.from;
  const budget = (name: string): number =>
    (DEFAULT_OBJECTIVES.find((objective) => objective.name === name)?.budgetPpm ?? NaN) / 1e6;
  expect(limit('pointsman-reliability', 'Applied, of what was transmitted')).toBe(
    1 - budget('command-success'),
  );
  expect(limit('pointsman-latency', 'Slower than 1.5 s, or never applied')).toBe(budget('command-latency'));
  expect(limit('pointsman-reliability', 'Transmissions without a receipt')).toBe(budget('packet-loss'));
  expect(limit('pointsman-errors', 'Packets that cannot be read')).toBe(budget('decode-errors'));
  expect(limit('pointsman-queues', 'Found no room, or never left in time')).toBe(budget('queue-full'));
});

test('what a linter of dashboards must find, it finds', () => {
  const [first] = BOARDS;
  if (!first) throw new RangeError('there is a dashboard');
  const panel: Panel = {
    kind: 'lines',
    title: 'T',
    description: '',
    unit: '',
    queries: [{ expr: 'max(tcp_comm_canary_percentage{x="$who"})', legend: '' }],
    width: 25,
    height: 1,
    steps: [{ from: 1, color: 'red' }],
  };
  const board: Board = {
    ...first,
    uid: 'a b',
    title: 'T',
    from: 'today',
    rows: [{ title: 'R', panels: [panel, panel] }],
  };
  const faults = boardFaults([board], ruleFiles());
  expect(new Set(faults.map((fault) => fault.replace('a b "T": ', '')))).toEqual(
    new Set([
      'tcp_comm_canary_percentage has no label x',
      'it says nothing of itself',
      'it has no unit',
      'it does not fit',
      'a series has no name',
      'its steps do not ascend from null',
      'it uses $who, which nobody chooses',
      'a b is no address',
      'a b: today is no time to begin with',
      'a b: panel title T is there twice',
    ]),
  );
});

function panelNamed(uid: string, title: string): Panel {
  const panels = BOARDS.filter((board) => board.uid === uid).flatMap(({ rows }) =>
    rows.flatMap((row) => row.panels),
  );
  const found = panels.find((panel) => panel.title === title);
  if (!found) throw new RangeError(`${uid} has no panel ${title}`);
  return found;
}
