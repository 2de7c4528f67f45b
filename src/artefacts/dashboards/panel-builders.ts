import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type GridPos,
  type Panel as BuiltPanel,
  type ValueMapping,
  type ValueMappingResult,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as HeatmapBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { runbookUrl } from '../runbooks';
import type {
  HeatmapPanel,
  LinesPanel,
  Panel,
  Query,
  StatesPanel,
  StatPanel,
  Step,
  TablePanel,
} from './board';

/** The one datasource that a panel may have: the one that the reader chose. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** The page that a click on an objective opens. */
export const OBJECTIVES_UID = 'pointsman-slo';

/** What all kinds of panels have in common. Each builder is its own class without a common ancestor. */
interface CommonBuilder extends Builder<BuiltPanel> {
  id(id: number): this;
  title(title: string): this;
  description(text: string): this;
  datasource(reference: typeof DATASOURCE): this;
  gridPos(position: GridPos): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  noValue(text: string): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  mappings(mappings: ValueMapping[]): this;
  links(links: DashboardLinkBuilder[]): this;
  dataLinks(links: DashboardLinkBuilder[]): this;
  withTarget(target: Builder<Dataquery>): this;
}

/** Where a panel stands, and where its runbooks are. */
export interface Place {
  readonly id: number;
  readonly position: GridPos;
  readonly runbookBase: string;
}

/** A panel of the library, numbered and placed. */
export function builtPanel(panel: Panel, { id, position, runbookBase }: Place): BuiltPanel {
  const builder: CommonBuilder = builderOf(panel)
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .datasource(DATASOURCE)
    .gridPos(position)
    .unit(panel.unit)
    .noValue('no data');
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.steps) builder.thresholds(thresholdsOf(panel.steps));
  if (panel.meanings) builder.mappings([meaningsOf(panel.meanings)]);
  if (panel.runbook !== undefined) builder.links([runbookLink(runbookUrl(runbookBase, panel.runbook))]);
  if (panel.opensObjective) builder.dataLinks([objectiveLink()]);
  panel.queries.forEach((query, at) => builder.withTarget(targetOf(panel, query, at)));
  return builder.build();
}

function builderOf(panel: Panel): CommonBuilder {
  switch (panel.kind) {
    case 'stat':
      return statBuilder(panel);
    case 'lines':
      return linesBuilder(panel);
    case 'heatmap':
      return heatmapBuilder(panel);
    case 'states':
      return statesBuilder(panel);
    case 'table':
      return tableBuilder(panel);
  }
}

function statBuilder({ sparkline }: StatPanel): StatBuilder {
  return new StatBuilder()
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .colorMode(BigValueColorMode.Value)
    .graphMode(sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None);
}

function linesBuilder({ limits, zoomed, logarithmic, stacked }: LinesPanel): LinesBuilder {
  const builder = new LinesBuilder()
    .legend(visibleLegend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .lineWidth(1)
    .fillOpacity(stacked ? 20 : 0);
  if (limits)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (!zoomed) builder.min(0);
  if (logarithmic)
    builder.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return builder;
}

/** The buckets come from the histogram; the panel must not count them again. */
function heatmapBuilder({ unit }: HeatmapPanel): HeatmapBuilder {
  const color = new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64);
  return new HeatmapBuilder()
    .calculate(false)
    .color(color)
    .yAxis(new YAxisConfigBuilder().unit(unit))
    .showLegend()
    .cellGap(1);
}

function statesBuilder(_: StatesPanel): StatesBuilder {
  return new StatesBuilder().legend(visibleLegend()).mergeValues(true).rowHeight(0.8);
}

function tableBuilder({ columns }: TablePanel): TableBuilder {
  const names = Object.keys(columns);
  return new TableBuilder()
    .withTransformation({ id: 'labelsToFields', options: { mode: 'columns' } })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(names.map((name, at) => [name, at])),
        renameByName: columns,
      },
    });
}

function visibleLegend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);
}

function targetOf({ kind }: Panel, { expr, legend }: Query, at: number): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + at))
    .datasource(DATASOURCE)
    .expr(expr)
    .legendFormat(kind === 'heatmap' ? '{{le}}' : legend);
  if (kind === 'heatmap') return query.range().format(PromQueryFormat.Heatmap);
  if (kind === 'table') return query.instant().format(PromQueryFormat.Table);
  return query.range();
}

function thresholdsOf(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ from, color }) => ({ value: from, color })));
}

function meaningsOf(meanings: NonNullable<Panel['meanings']>): ValueMapping {
  const options: Record<string, ValueMappingResult> = {};
  Object.entries(meanings).forEach(([value, meaning], index) => (options[value] = { ...meaning, index }));
  return { type: MappingType.ValueToText, options };
}

function runbookLink(url: string): DashboardLinkBuilder {
  return link('Runbook', url).targetBlank(true);
}

function objectiveLink(): DashboardLinkBuilder {
  return link('This objective', `/d/${OBJECTIVES_UID}?var-slo=\${__field.labels.slo}&\${__url_time_range}`);
}

function link(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url);
}
