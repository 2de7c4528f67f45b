import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useMedia } from './hooks';

export interface Line {
  readonly label: string;
  /** A custom property of the style sheet. */
  readonly colour: string;
  /** Colour is never the only difference. */
  readonly dashed: boolean;
  readonly thin?: boolean;
}

interface ChartProps {
  readonly title: string;
  readonly at: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
  readonly lines: readonly Line[];
  readonly unit: string;
  readonly bottom?: number;
  readonly top?: number;
}

const HEIGHT = 180;
/** A flat line at the edge of its range needs some room to be seen. */
const ROOM = 0.05;

/** Lines over time. What it shows last stands in the table above it too, so to who hears the page it is a picture. */
export function Chart(props: ChartProps) {
  const { title, at, columns, lines } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const data = [at, ...columns] as unknown as uPlot.AlignedData;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = new uPlot(optionsFor(props, element.clientWidth), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
    // The data follow below; what it looks like is made anew only with the colours.
  }, [isDark]);
  useEffect(() => plot.current?.setData(data), [at, columns]);
  return (
    <figure class="chart">
      <figcaption>
        {title}
        <span class="legend">
          {lines.map(({ label, colour, dashed, thin }) => (
            <span key={label}>
              <span
                class={`swatch ${colour.slice(2)}${dashed ? ' dashed' : ''}${thin ? ' thin' : ''}`}
                aria-hidden="true"
              />
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} role="img" aria-label={`${title}: ${lines.map(({ label }) => label).join(', ')}`} />
    </figure>
  );
}

function optionsFor({ lines, unit, bottom, top }: ChartProps, width: number): uPlot.Options {
  const colour = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { range: (_, low, high) => rangeOf({ low, high, bottom, top }) } },
    axes: [
      {
        ...axis,
        values: (_, splits, _axis, _space, step) => splits.map((at) => timeText(at, step)),
        space: 70,
        size: 30,
      },
      {
        ...axis,
        size: 58,
        values: (_, splits) =>
          splits.map((value) => (value > (top ?? Infinity) ? '' : `${tick(value)} ${unit}`)),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, colour: name, dashed, thin }) => ({
        label,
        stroke: colour(name),
        width: thin ? 1 : 2,
        points: { show: false },
        ...(dashed ? { dash: [6, 4] } : {}),
      })),
    ],
  };
}

interface Extent {
  readonly low: number | null;
  readonly high: number | null;
  readonly bottom: number | undefined;
  readonly top: number | undefined;
}

function rangeOf({ low, high, bottom, top }: Extent): [number, number] {
  const from = bottom ?? Math.min(low ?? 0, (top ?? 1) - 1);
  const to = top ?? high ?? 1;
  const span = Math.max(to - from, 1) * ROOM;
  return [bottom ?? from - span, to + span];
}

function timeText(seconds: number, stepSeconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, stepSeconds < 60 ? 19 : 16);
}

function tick(value: number): string {
  return String(Math.round(value * 100) / 100);
}
