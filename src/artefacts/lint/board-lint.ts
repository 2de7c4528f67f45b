import { secondsOf } from '../alerts/promql';
import type { RuleFile } from '../alerts/rule';
import type { Board, Panel } from '../dashboards/board';
import { expressionFaults } from './expression-lint';
import { knownSeries } from './known-series';

const COLUMNS = 24;

/** What is wrong with the dashboards, a sentence each, with the place in front. */
export function boardFaults(boards: readonly Board[], files: readonly RuleFile[]): string[] {
  const known = knownSeries(files);
  const panels = boards.flatMap((board) =>
    board.rows.flatMap((row) =>
      row.panels.map((panel) => ({ board, place: `${board.uid} "${panel.title}"`, panel })),
    ),
  );
  return [
    ...panels.flatMap(({ board, place, panel }) =>
      [
        ...panel.queries.flatMap(({ expr }) => expressionFaults(expr, known)),
        ...panelFaults(panel),
        ...variableFaults(board, panel),
      ].map((fault) => `${place}: ${fault}`),
    ),
    ...boards.flatMap(addressFaults),
    ...twice(
      'uid',
      boards.map(({ uid }) => uid),
    ),
    ...twice(
      'title',
      boards.map(({ title }) => title),
    ),
    ...boards.flatMap(({ uid, rows }) =>
      twice(
        `${uid}: panel title`,
        rows.flatMap((row) => row.panels.map(({ title }) => title)),
      ),
    ),
  ];
}

function panelFaults(panel: Panel): string[] {
  const { title, description, unit, queries, width, height, steps } = panel;
  return [
    ...(title === '' ? ['it has no title'] : []),
    ...(description === '' ? ['it says nothing of itself'] : []),
    ...(unit === '' ? ['it has no unit'] : []),
    ...(queries.length === 0 ? ['it asks nothing'] : []),
    ...(width < 1 || width > COLUMNS || height < 1 ? ['it does not fit'] : []),
    ...(queries.some(({ legend }) => legend === '') ? ['a series has no name'] : []),
    ...(steps && !ascending(steps) ? ['its steps do not ascend from null'] : []),
  ];
}

function ascending(steps: NonNullable<Panel['steps']>): boolean {
  return steps.every(({ from }, at) =>
    at === 0 ? from === null : (from ?? -Infinity) > (steps[at - 1]?.from ?? -Infinity),
  );
}

/** A variable that is used and not offered is asked for word for word. */
function variableFaults({ transportVariable, uid }: Board, { queries }: Panel): string[] {
  const used = new Set(
    queries.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name ?? '')),
  );
  const offered = new Set([
    '__rate_interval',
    '__interval',
    '__range',
    ...(transportVariable ? ['transport'] : []),
    ...(uid === 'pointsman-slo' ? ['slo'] : []),
  ]);
  return [...used]
    .filter((name) => !offered.has(name))
    .map((name) => `it uses $${name}, which nobody chooses`);
}

function addressFaults({ uid, from }: Board): string[] {
  const window = /^now-(\d+[mhd])$/.exec(from)?.[1];
  return [
    ...(/^[A-Za-z0-9_-]{1,40}$/.test(uid) ? [] : [`${uid} is no address`]),
    ...(window && secondsOf(window) > 0 ? [] : [`${uid}: ${from} is no time to begin with`]),
  ];
}

/** One duplicate stops Grafana from loading any of them. */
function twice(what: string, names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(
    (name) => `${what} ${name} is there twice`,
  );
}
