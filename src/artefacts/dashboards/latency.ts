import type { Objective } from '../../slo/objectives';
import { bucketMatcher } from '../../slo/recorded';
import { nameOf } from '../alerts/promql';
import type { Board, HeatmapPanel, LinesPanel, Row } from './board';
import { bucketRates, CHOSEN, quantile, RATE, share } from './expressions';
import { lines, queriesOf } from './panels';
import { badShare, counterpartOf, promised } from './promise';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

const THIRD = { unit: 's', width: 8 } as const;
const BURN = 'slo#pointsmancommandlatencyburn';

/** Where a panel is drawn orange, unless what is promised is less. */
const SLUGGISH_SECONDS = 0.8;
/** What is shown as slow where nobody promised anything. */
const SLOW_SECONDS = 1.5;

/** How long things take, and whether new and legacy differ. */
export function latency(objectives: readonly Objective[]): Board {
  return {
    uid: 'pointsman-latency',
    title: 'Pointsman: latency',
    description: 'How long commands take on each transport, from the median to the slowest thousandth',
    from: 'now-6h',
    tags: ['slo'],
    transportVariable: true,
    rows: [
      compared(counterpartOf('command-latency', objectives)),
      { title: 'The whole distribution', panels: [heatmap('new'), heatmap('legacy')] },
      WHERE_TIME_GOES,
    ],
  };
}

function compared(promise: Objective | undefined): Row {
  const slow = promise?.bad[0]?.aboveSeconds ?? SLOW_SECONDS;
  const quantiles = QUANTILES.map((q) => quantilePanel(q, slow));
  return { title: 'New against legacy', panels: [...quantiles, slowShare(slow, promise)] };
}

function quantilePanel(q: number, slow: number): LinesPanel {
  const percent = `${Number((q * 100).toFixed(1))}`;
  return lines(
    `p${percent} of commands`,
    `Time from leaving the lane to the application reply that ${percent} % of the commands stay below. Estimated from buckets, for people: objectives count what was slower than ${slow} s instead.`,
    { '{{transport}}': quantile('commandLatency', q, CHOSEN) },
    {
      ...THIRD,
      steps: [
        { from: null, color: 'green' },
        ...(SLUGGISH_SECONDS < slow ? [{ from: SLUGGISH_SECONDS, color: 'orange' } as const] : []),
        { from: slow, color: 'red' },
      ],
      limits: true,
      runbook: BURN,
    },
  );
}

function slowShare(slow: number, promise: Objective | undefined): LinesPanel {
  const name = nameOf('commandLatency');
  const sum = (suffix: string, matchers: string): string =>
    `sum by (transport) (rate(${name}${suffix}{transport=~"$transport"${matchers}}[${RATE}]))`;
  return lines(
    `Slower than ${slow} s, or never applied`,
    `The share of commands that were not applied in time.${promised(promise)}`,
    { '{{transport}}': `1 - ${share(sum('_bucket', `,${bucketMatcher(slow)}`), sum('_count', ''))}` },
    { ...badShare(promise), width: 8, runbook: BURN },
  );
}

function heatmap(transport: 'new' | 'legacy'): HeatmapPanel {
  return {
    kind: 'heatmap',
    title: `Commands on ${transport}, by how long they took`,
    description:
      'Commands per second in each bucket. A second band that appears above the first is a part of the fleet that got slow.',
    unit: 's',
    queries: queriesOf('{{le}}', bucketRates('commandLatency', { transport })),
    width: 12,
    height: 9,
  };
}

function answerTimes(ackType: 'receipt' | 'reply'): Record<string, string> {
  const of = (q: number): string => quantile('packetLatency', q, { ...CHOSEN, ack_type: ackType });
  return { '{{transport}} p50': of(0.5), '{{transport}} p99': of(0.99) };
}

const WHERE_TIME_GOES: Row = {
  title: 'Where the time goes',
  panels: [
    lines(
      'Wait in the lane, p99',
      'Before a command leaves its lane. It is not part of the latency above: a busy device is no slow transport.',
      { '{{transport}}': quantile('laneWait', 0.99, CHOSEN) },
      { ...THIRD, runbook: 'queues' },
    ),
    lines(
      'Until the receipt, p50 and p99',
      'From a transmission to the 0x7B that acknowledges it.',
      answerTimes('receipt'),
      THIRD,
    ),
    lines(
      'Until the reply, p50 and p99',
      'From a transmission to the reply of the application on the device.',
      answerTimes('reply'),
      THIRD,
    ),
  ],
};
