/** A dashboard as data: what is asked, what it means, where it stands. The library's builders are in one file behind it. */
export interface Board {
  /** Globally unique and readable: it is the address. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** What is shown at first, such as now-6h. */
  readonly from: string;
  readonly tags: readonly string[];
  /** Whether its queries use `$transport`. */
  readonly transportVariable: boolean;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Query {
  readonly expr: string;
  /** `{{label}}` for the label's value. */
  readonly legend: string;
}

export interface Step {
  /** From here on; null begins at minus infinity. */
  readonly from: number | null;
  readonly color: Color;
}

export type Color = 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'purple' | 'text';

interface Shown {
  readonly title: string;
  /** What it says and when to worry. */
  readonly description: string;
  /** A unit of the library. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Of 24. */
  readonly width: number;
  readonly height: number;
  /** Ascending, the first from null. */
  readonly steps?: readonly Step[];
  /** Value → what it means. */
  readonly meanings?: Readonly<Record<number, { readonly text: string; readonly color: Color }>>;
  readonly decimals?: number;
  /** Page and anchor below docs/runbooks. */
  readonly runbook?: string;
  /** Opens the page about objectives with the objective that was clicked. */
  readonly opensObjective?: true;
}

/** One figure per series. */
export type StatPanel = Shown & { readonly kind: 'stat'; readonly sparkline?: true };
/** `limits`: the steps are drawn as lines. `zoomed`: the axis begins where the values do, not at zero. */
export type LinesPanel = Shown & {
  readonly kind: 'lines';
  readonly limits?: true;
  readonly zoomed?: true;
  readonly logarithmic?: true;
  readonly stacked?: true;
};
export type HeatmapPanel = Shown & { readonly kind: 'heatmap' };
/** Which state when, a band per series. */
export type StatesPanel = Shown & { readonly kind: 'states' };
/** A row per series with the labels that are named, and the value. */
export type TablePanel = Shown & {
  readonly kind: 'table';
  /** Label → heading, in order; `Value` is the value. */
  readonly columns: Readonly<Record<string, string>>;
};

export type Panel = StatPanel | LinesPanel | HeatmapPanel | StatesPanel | TablePanel;
