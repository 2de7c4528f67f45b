import { ruleFiles } from '../alerts/rule-files';
import { expressionFaults } from './expression-lint';
import { knownSeries } from './known-series';

const known = knownSeries(ruleFiles());
const faultsOf = (expression: string): string[] => expressionFaults(expression, known);

test.each([
  'sum by (transport) (rate(tcp_comm_command_total{outcome="applied"}[5m]))',
  'sum(rate(tcp_comm_command_total[5m])) / (sum(rate(tcp_comm_command_total[1h])) > 0)',
  'tcp_comm:slo_errors:rate{slo="x"} / on (slo, transport, generation) (tcp_comm:slo_events:rate > 0)',
  'histogram_quantile(0.99, sum by (le) (rate(tcp_comm_command_latency_seconds_bucket{le="1.5"}[$__rate_interval])))',
  'max(tcp_comm_plan_generation) * 100 / 3',
  'absent(tcp_comm_command_total) or max(tcp_comm_canary_percentage) offset 5m > 1e3',
  'count_values("generation", max(tcp_comm_plan_generation)) and on (generation) tcp_comm:slo_events:rate',
  'rate(tcp_comm_command_total[5m]) or 0 * rate(tcp_comm_command_total[5m])',
])('nothing is wrong with %s', (expression) => {
  expect(faultsOf(expression)).toEqual([]);
});

test.each([
  ['rate(tcp_comm_comand_total[5m])', 'tcp_comm_comand_total is neither exported nor recorded'],
  ['max(tcp_comm_canary_percentage{transport="new"})', 'tcp_comm_canary_percentage has no label transport'],
  ['rate(tcp_comm_command_total{outcome="failed"}[5m])', 'outcome of tcp_comm_command_total is never failed'],
  [
    'rate(tcp_comm_command_latency_seconds_bucket{le="1.4"}[5m])',
    'le of tcp_comm_command_latency_seconds_bucket is never 1.4',
  ],
  [
    'rate(tcp_comm_command_latency_seconds[5m])',
    'tcp_comm_command_latency_seconds is neither exported nor recorded',
  ],
  [
    'tcp_comm_command_total > 3',
    'tcp_comm_command_total only ever grows: it wants rate() or increase() around it',
  ],
  ['rate(tcp_comm_canary_percentage[5m])', 'tcp_comm_canary_percentage is a gauge: it has no rate'],
  ['rate(tcp_comm_command_total[30s])', 'tcp_comm_command_total[30s]: a rate wants at least 60s'],
  [
    'rate(tcp_comm_command_total[$__interval])',
    'tcp_comm_command_total[$__interval]: a rate on a dashboard uses $__rate_interval',
  ],
  [
    'sum by (device) (rate(tcp_comm_command_total[5m]))',
    'nothing here has the label device that it is grouped or matched by',
  ],
  [
    'sum(rate(tcp_comm_command_total[5m])) or vector(0)',
    'or vector(…) loses the labels: use or 0 * something that is there',
  ],
  [
    'sum(rate(tcp_comm_command_total[5m])) / sum(rate(tcp_comm_command_total[1h]))',
    'a division by something that may be 0: write / (… > 0)',
  ],
  [
    'tcp_comm:slo_errors:rate / on (slo) group_left () (tcp_comm:slo_events:rate)',
    'a division by something that may be 0: write / (… > 0)',
  ],
])('%s: %s', (expression, fault) => {
  expect(faultsOf(expression)).toEqual([fault]);
});

test('what is no PromQL at all is no expression', () => {
  expect(() => faultsOf('sum(§)')).toThrow('no PromQL at 4');
  expect(() => faultsOf('sum by (transport (up)')).toThrow('never closed');
});
