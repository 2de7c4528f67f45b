import { alertingRule, type Rule, type RuleFile } from '../alerts/rule';
import { ruleFiles } from '../alerts/rule-files';
import { ruleFaults } from './rule-lint';
import { untestedAlerts } from '../rule-tests/health-tests';

const fileOf = (...rules: readonly Rule[]): RuleFile[] => [
  { file: 'x.yaml', about: [], groups: [{ name: 'g', interval: '30s', rules }] },
];

const ALERT = {
  alert: 'A',
  runbook: 'slo',
  severity: 'warning',
  expr: 'max(tcp_comm_rollout_latched) == 1',
  summary: 'a',
  description: 'b',
} as const;

test('nothing is wrong with our rules', () => {
  expect(ruleFaults(ruleFiles())).toEqual([]);
});

test('each alert has been made to fire', () => {
  expect(untestedAlerts()).toEqual([]);
});

test('finds an alert that always fires, one that acts without a generation, one whose labels change', () => {
  const always = alertingRule({ ...ALERT, expr: 'max(tcp_comm_rollout_latched)' });
  const acts = alertingRule({ ...ALERT, labels: { action: 'rollback' } });
  const changes = alertingRule({ ...ALERT, labels: { ratio: '{{ $value }}' } });
  expect(ruleFaults(fileOf(always, acts, changes))).toEqual([
    'x.yaml g A: it compares nothing, so it always fires',
    'x.yaml g A: it acts without a generation',
    'x.yaml g A: ratio changes with the value',
  ]);
});

test('finds an alert without severity, runbook or words', () => {
  const bare = { ...alertingRule(ALERT), runbook: '', labels: {}, annotations: {} };
  expect(ruleFaults(fileOf(bare))).toEqual([
    'x.yaml g A: its severity is none that is known',
    'x.yaml g A: it names no runbook',
    'x.yaml g A: it does not say what is wrong',
  ]);
});

test('finds two rules that record the same series', () => {
  const record: Rule = {
    record: 'a:b:c',
    expr: 'max(tcp_comm_rollout_latched)',
    by: [],
    labels: { slo: 'x' },
  };
  expect(ruleFaults(fileOf(record, { ...record, labels: { slo: 'y' } }))).toEqual([]);
  expect(ruleFaults(fileOf(record, record))).toEqual(['a:b:c{"slo":"x"} is recorded twice']);
});

test('finds what an expression reads that is nowhere', () => {
  expect(ruleFaults(fileOf(alertingRule({ ...ALERT, expr: 'max(tcp_comm_gone) == 1' })))).toEqual([
    'x.yaml g A: tcp_comm_gone is neither exported nor recorded',
  ]);
});
