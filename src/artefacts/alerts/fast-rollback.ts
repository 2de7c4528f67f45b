import { DEFAULT_OBJECTIVES, type Term } from '../../slo/objectives';
import { matchers } from '../../slo/recorded';
import { FAST_ROLLBACK } from '../../slo/rollback-alerts';
import { alertingRule, type RecordingRule, type RuleGroup } from './rule';

/** Looked at every five seconds: what it guards against should not wait for the next slow look. */
const INTERVAL = '5s';
const WINDOW = '1m';
const SHARE = 0.05;
const FAILURES = 20;
/** As long as the window remembers, and some more: no second message for one fault. */
const KEEP_FIRING = '5m';

const FAST_RECORDS = {
  errors: 'tcp_comm:command_errors:increase1m',
  events: 'tcp_comm:command_events:increase1m',
  ratio: 'tcp_comm:command_error_ratio:rate1m',
} as const;

const BY = ['transport', 'generation'] as const;

/** Rolls back on what the last minute shows, long before a budget would notice. */
export function fastRollbackGroup(): RuleGroup {
  return { name: 'fast-rollback', interval: INTERVAL, rules: [...recordingRules(), fastRollback()] };
}

function recordingRules(): RecordingRule[] {
  const success = DEFAULT_OBJECTIVES.find(({ name }) => name === 'command-success');
  if (!success) throw new RangeError('there is no objective command-success');
  const events = increase(success.all);
  return [
    { record: FAST_RECORDS.events, expr: events, by: BY },
    { record: FAST_RECORDS.errors, expr: `(${increase(success.bad)}) or 0 * (${events})`, by: BY },
    { record: FAST_RECORDS.ratio, expr: `${FAST_RECORDS.errors} / (${FAST_RECORDS.events} > 0)`, by: BY },
  ];
}

function increase(terms: readonly Term[]): string {
  return terms
    .map((term) => `sum by (${BY.join(', ')}) (increase(${term.metric}${matchers(term, '', [])}[${WINDOW}]))`)
    .join(' + ');
}

function fastRollback() {
  const { errors, ratio } = FAST_RECORDS;
  return alertingRule({
    alert: FAST_ROLLBACK,
    runbook: 'rollback',
    severity: 'critical',
    expr: `${ratio}{transport="new"} > ${SHARE}
and on (generation) ${errors}{transport="new"} >= ${FAILURES}
unless on (generation) (
  ${ratio}{transport="legacy"} >= on (generation) 0.5 * ${ratio}{transport="new"}
)`,
    for: '0s',
    keepFiringFor: KEEP_FIRING,
    labels: { action: 'rollback', kind: 'rollback', rule: 'fast' },
    summary:
      'Back to legacy: {{ $value | humanizePercentage }} of the commands on new failed within the last minute',
    description: `More than ${SHARE * 100} %, on at least ${FAILURES} failures of generation {{ $labels.generation }}, and legacy's share is below half of it. {{ with query (printf "${ratio}{transport='legacy',generation='%s'}" $labels.generation) }}Legacy: {{ . | first | value | humanizePercentage }} failed.{{ else }}There is no legacy traffic to compare with.{{ end }}`,
  });
}
