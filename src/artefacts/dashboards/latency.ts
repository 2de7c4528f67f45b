import { nameOf } from '../alerts/promql';
import type { Board, LinesPanel, Panel } from './board';
import { CHOSEN, perSecond, quantile, RATE } from './expressions';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** The boundaries that the objectives are about. */
const LIMITS = [
  { from: null, color: 'green' },
  { from: 0.8, color: 'orange' },
  { from: 1.5, color: 'red' },
] as const;

/** How long things take, and whether new and legacy differ. */
export const LATENCY: Board = {
  uid: 'pointsman-latency',
  title: 'Pointsman: latency',
  description: 'How long commands take on each transport, from the median to the slowest thousandth',
  from: 'now-6h',
  tags: ['slo'],
  transportVariable: true,
  rows: [
    { title: 'New against legacy', panels: [...QUANTILES.map(quantilePanel), slowSharePanel()] },
    { title: 'The whole distribution', panels: [heatmap('new'), heatmap('legacy')] },
    { title: 'Where the time goes', panels: [laneWait(), receiptTime(), replyTime()] },
  ],
};

function quantilePanel(q: number): LinesPanel {
  return {
    kind: 'lines',
    title: `p${percentText(q)} of commands`,
    description: `Time from leaving the lane to the application reply that ${percentText(q)} % of the commands stay below. Estimated from buckets, for people: the objective counts what was slower than 1.5 s instead.`,
    unit: 's',
    queries: [{ expr: quantile('commandLatency', q, CHOSEN), legend: '{{transport}}' }],
    width: 8,
    height: 8,
    steps: LIMITS,
    limits: true,
    floor: true,
    runbook: 'slo#pointsmancommandlatencyburn',
  };
}

function slowSharePanel(): Panel {
  const name = nameOf('commandLatency');
  const sum = (suffix: string, matchers: string): string =>
    `sum by (transport) (rate(${name}${suffix}{transport=~"$transport"${matchers}}[${RATE}]))`;
  return {
    kind: 'lines',
    title: 'Slower than 1.5 s, or never applied',
    description: 'The share of commands that the latency objective counts as bad. Its target leaves 1 %.',
    unit: 'percentunit',
    queries: [
      {
        expr: `1 - ${sum('_bucket', ',le="1.5"')} / (${sum('_count', '')} > 0)`,
        legend: '{{transport}}',
      },
    ],
    width: 8,
    height: 8,
    steps: [
      { from: null, color: 'green' },
      { from: 0.01, color: 'red' },
    ],
    limits: true,
    floor: true,
    runbook: 'slo#pointsmancommandlatencyburn',
  };
}

function heatmap(transport: 'new' | 'legacy'): Panel {
  return {
    kind: 'heatmap',
    title: `Commands on ${transport}, by how long they took`,
    description:
      'Commands per second in each bucket. A second band that appears above the first is a part of the fleet that got slow.',
    unit: 's',
    queries: [
      {
        expr: `sum by (le) (rate(${nameOf('commandLatency')}_bucket{transport="${transport}"}[${RATE}]))`,
        legend: '{{le}}',
      },
    ],
    width: 12,
    height: 9,
  };
}

function laneWait(): Panel {
  return {
    kind: 'lines',
    title: 'Wait in the lane, p99',
    description:
      'Before a command leaves its lane. It is not part of the latency above: a busy device is no slow transport.',
    unit: 's',
    queries: [{ expr: quantile('laneWait', 0.99, CHOSEN), legend: '{{transport}}' }],
    width: 8,
    height: 8,
    floor: true,
    runbook: 'queues',
  };
}

function receiptTime(): Panel {
  return answerPanel(
    'receipt',
    'Until the receipt, p50 and p99',
    'From a transmission to the 0x7B that acknowledges it.',
  );
}

function replyTime(): Panel {
  return answerPanel(
    'reply',
    'Until the reply, p50 and p99',
    'From a transmission to the reply of the application on the device.',
  );
}

function answerPanel(ackType: string, title: string, description: string): Panel {
  const matchers = { ...CHOSEN, ack_type: ackType };
  return {
    kind: 'lines',
    title,
    description,
    unit: 's',
    queries: [0.5, 0.99].map((q) => ({
      expr: quantile('packetLatency', q, matchers),
      legend: `{{transport}} p${percentText(q)}`,
    })),
    width: 8,
    height: 8,
    floor: true,
  };
}

function percentText(q: number): string {
  return `${Number((q * 100).toFixed(1))}`;
}

/** Kept beside the panels that it explains. */
export const COMMANDS_PER_SECOND: Panel = {
  kind: 'lines',
  title: 'Commands per second',
  description: 'Commands that ended, whatever came of them.',
  unit: 'cps',
  queries: [{ expr: perSecond('commands', ['transport'], CHOSEN), legend: '{{transport}}' }],
  width: 12,
  height: 8,
  floor: true,
};
