import { useMemo } from 'preact/hooks';
import type { MinuteView, RecentTrafficView } from '../../../src/api/schemas/overview';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import { seriesOf } from '../model/series';
import { countText, millisecondsText, rateText, ratioText } from '../model/texts';
import { Chart, type Line } from './chart';
import { Panel } from './panel';

const PAIR: readonly Line[] = [
  { label: 'new', colour: '--new', dashed: false },
  { label: 'legacy', colour: '--legacy', dashed: true },
];
const QUANTILES: readonly Line[] = [
  { label: 'new p50', colour: '--new', dashed: false, thin: true },
  { label: 'new p99', colour: '--new', dashed: false },
  { label: 'legacy p50', colour: '--legacy', dashed: true, thin: true },
  { label: 'legacy p99', colour: '--legacy', dashed: true },
];

const CHARTS = [
  { of: 'success', title: 'Applied, of all commands', lines: PAIR, unit: '%', top: 100 },
  { of: 'latency', title: 'Latency', lines: QUANTILES, unit: 'ms', bottom: 0 },
  { of: 'rate', title: 'Commands a second', lines: PAIR, unit: '/s', bottom: 0 },
] as const;

/** The two transports side by side: the figures of a minute, and how they came about. */
export function Traffic({ traffic, view }: { traffic: RecentTrafficView | undefined; view: RolloutView }) {
  const series = useMemo(() => (traffic ? seriesOf(traffic) : undefined), [traffic]);
  return (
    <Panel id="traffic" title="New against legacy" width="wide">
      {!traffic || !series ? (
        <p class="note">Asking …</p>
      ) : (
        <>
          <Figures traffic={traffic} view={view} />
          <div class="charts">
            {CHARTS.map(({ of, ...chart }) => (
              <Chart key={of} at={series.at} columns={series[of]} {...chart} />
            ))}
          </div>
          <p class="note">
            The last quarter of an hour, counted by the replica {traffic.replica} over its own commands.
          </p>
        </>
      )}
    </Panel>
  );
}

function Figures({ traffic, view }: { traffic: RecentTrafficView; view: RolloutView }) {
  const { known, devices } = view.coverage;
  return (
    <table class="figures-table">
      <caption>In the last minute</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">devices</th>
          <th scope="col">commands</th>
          <th scope="col">applied</th>
          <th scope="col">p50</th>
          <th scope="col">p99</th>
        </tr>
      </thead>
      <tbody>
        <Row name="new" devices={devices} minute={traffic.lastMinute.new} />
        <Row name="legacy" devices={known - devices} minute={traffic.lastMinute.legacy} />
      </tbody>
    </table>
  );
}

function Row({ name, devices, minute }: { name: 'new' | 'legacy'; devices: number; minute: MinuteView }) {
  return (
    <tr data-testid={`minute-${name}`}>
      <th scope="row">
        <span class={`swatch ${name}`} aria-hidden="true" /> {name}
      </th>
      <td>{countText(devices)}</td>
      <td>{rateText(minute.commandsPerSecond)}</td>
      <td>{ratioText(minute.successRatio)}</td>
      <td>{millisecondsText(minute.p50Ms)}</td>
      <td>{millisecondsText(minute.p99Ms)}</td>
    </tr>
  );
}
