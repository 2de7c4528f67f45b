/* eslint-disable @typescript-eslint/no-deprecated --
   The library's first layout model is deprecated in favour of one that only the newest Grafana reads; files are provisioned
   in the first. */
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type GridPos,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { nameOf } from '../alerts/promql';
import { wholeFile, type Artefact } from '../artefact';
import type { Board, Panel, Row } from './board';
import { builtPanel, DATASOURCE } from './panel-builders';

const COLUMNS = 24;
const ROW_HEIGHT = 1;

/** The file of a dashboard. */
export function dashboardArtefact(board: Board, runbookBase: string): Artefact {
  const dashboard = dashboardOf(board, runbookBase);
  return wholeFile(`dashboards/${board.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`);
}

/** The dashboard that Grafana loads. */
export function dashboardOf(board: Board, runbookBase: string): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags(['generated', 'pointsman', ...board.tags].sort())
    .time({ from: board.from, to: 'now' })
    .timezone('utc')
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables(variablesOf(board))
    .annotations(ANNOTATIONS.map(annotationOf))
    .links([otherBoards()]);
  const dashboard = builder.build();
  return serialisable({ ...dashboard, panels: placed(board.rows, runbookBase) });
}

/** Ids in reading order; each row of panels begins below the one before. */
function placed(rows: readonly Row[], runbookBase: string): NonNullable<Dashboard['panels']> {
  const panels: NonNullable<Dashboard['panels']> = [];
  let top = 0;
  for (const row of rows) {
    const header = { h: ROW_HEIGHT, w: COLUMNS, x: 0, y: top };
    panels.push(
      new RowBuilder(row.title)
        .id(panels.length + 1)
        .collapsed(false)
        .gridPos(header)
        .build(),
    );
    for (const [panel, position] of positionsOf(row.panels, top + ROW_HEIGHT)) {
      panels.push(builtPanel(panel, { id: panels.length + 1, position, runbookBase }));
      top = Math.max(top, position.y + position.h);
    }
  }
  return panels;
}

/** From left to right, and on a new line when there is no more room. */
function positionsOf(panels: readonly Panel[], top: number): [Panel, GridPos][] {
  let [x, y, lineHeight] = [0, top, 0];
  return panels.map((panel) => {
    if (x + panel.width > COLUMNS) [x, y, lineHeight] = [0, y + lineHeight, 0];
    const position = { h: panel.height, w: panel.width, x, y };
    [x, lineHeight] = [x + panel.width, Math.max(lineHeight, panel.height)];
    return [panel, position];
  });
}

function variablesOf({ transportVariable, uid }: Board): Builder<VariableModel>[] {
  const datasource = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  return [
    datasource,
    ...(transportVariable
      ? [choiceOf('transport', 'Transport', `label_values(${nameOf('commands')}, transport)`)]
      : []),
    ...(uid === 'pointsman-slo'
      ? [choiceOf('slo', 'Objective', 'label_values(tcp_comm:slo_target:ratio, slo)')]
      : []),
  ];
}

function choiceOf(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalDesc)
    .multi(true)
    .includeAll(true)
    .allValue('.+');
}

interface Mark {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly color: string;
  readonly shown: boolean;
}

/** What happened to the rollout, drawn into every graph. */
const ANNOTATIONS: readonly Mark[] = [
  {
    name: 'Rollbacks',
    expr: `max(changes(${nameOf('generation')}[$__interval])) > 0 and max(${nameOf('latched')}) == 1`,
    title: 'Rolled back',
    color: 'red',
    shown: true,
  },
  {
    name: 'Changes of plan',
    expr: `max(changes(${nameOf('revision')}[$__interval])) > 0`,
    title: 'Plan changed',
    color: 'blue',
    shown: false,
  },
];

function annotationOf({ name, expr, title, color, shown }: Mark): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(shown)
    .iconColor(color)
    .expr(expr)
    .titleFormat(title)
    .textFormat('pointsman history says who and why')
    .step('60s');
}

function otherBoards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Pointsman')
    .type(DashboardLinkType.Dashboards)
    .tags(['pointsman'])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

/** Without what the library keeps beside the data, and without the places that nobody asked for. */
function serialisable(dashboard: Dashboard): Dashboard {
  const text = JSON.stringify(dashboard, (key, value: unknown) =>
    key === 'placement' && value === 'inControlsMenu' ? undefined : value,
  );
  return JSON.parse(text) as Dashboard;
}
