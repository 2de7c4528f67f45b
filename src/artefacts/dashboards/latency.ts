import { nameOf } from '../alerts/promql';
import type { Board, HeatmapPanel, LinesPanel } from './board';
import { bucketRates, CHOSEN, quantile, RATE, share } from './expressions';
import { badUpTo, lines, queriesOf } from './panels';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

const THIRD = { unit: 's', width: 8 } as const;
const BURN = 'slo#pointsmancommandlatencyburn';

/** How long things take, and whether new and legacy differ. */
export const LATENCY: Board = {
  uid: 'pointsman-latency',
  title: 'Pointsman: latency',
  description: 'How long commands take on each transport, from the median to the slowest thousandth',
  from: 'now-6h',
  tags: ['slo'],
  transportVariable: true,
  rows: [
    { title: 'New against legacy', panels: [...QUANTILES.map(quantilePanel), slowShare()] },
    { title: 'The whole distribution', panels: [heatmap('new'), heatmap('legacy')] },
    {
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
    },
  ],
};

function quantilePanel(q: number): LinesPanel {
  const percent = `${Number((q * 100).toFixed(1))}`;
  return lines(
    `p${percent} of commands`,
    `Time from leaving the lane to the application reply that ${percent} % of the commands stay below. Estimated from buckets, for people: the objective counts what was slower than 1.5 s instead.`,
    { '{{transport}}': quantile('commandLatency', q, CHOSEN) },
    {
      ...THIRD,
      // The boundaries that the objectives are about.
      steps: [
        { from: null, color: 'green' },
        { from: 0.8, color: 'orange' },
        { from: 1.5, color: 'red' },
      ],
      limits: true,
      runbook: BURN,
    },
  );
}

function slowShare(): LinesPanel {
  const name = nameOf('commandLatency');
  const sum = (suffix: string, matchers: string): string =>
    `sum by (transport) (rate(${name}${suffix}{transport=~"$transport"${matchers}}[${RATE}]))`;
  return lines(
    'Slower than 1.5 s, or never applied',
    'The share of commands that the latency objective counts as bad. Its target leaves 1 %.',
    { '{{transport}}': `1 - ${share(sum('_bucket', ',le="1.5"'), sum('_count', ''))}` },
    { ...badUpTo(0.01), width: 8, runbook: BURN },
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
