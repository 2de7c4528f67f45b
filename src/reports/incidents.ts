import type { AuditEntryView } from '../api/schemas/history';
import type { Incident, Incidents } from './report';

const HOW_COUNTED =
  'An incident lasts from the entry of the rollback (or of the critical pause) in the history to the entry of the release (or resume) that ended it. A pause that becomes a rollback is one incident. It is the time until the ramp might go on, decided by a person; devices are served by legacy from its first second. Incidents that are not over, or whose beginning is older than the history, are listed and not in the mean.';

interface Open {
  kind: Incident['kind'];
  readonly entry: AuditEntryView | undefined;
  cause: string;
}

/** `trail`: the history, oldest first. */
export function incidentsIn(
  trail: readonly AuditEntryView[],
  period: { from: string; until: string },
): Incidents {
  const list = allIncidents(trail).filter(
    ({ from, until }) => (from === null || from < period.until) && (until === null || until >= period.from),
  );
  const ended = list.flatMap(({ lastedMs, until }) =>
    lastedMs !== null && until !== null && until < period.until ? [lastedMs] : [],
  );
  const sorted = [...ended].sort((one, other) => one - other);
  return {
    list,
    counted: ended.length,
    open: list.filter(({ until }) => until === null).length,
    meanMs: ended.length === 0 ? null : ended.reduce((sum, ms) => sum + ms, 0) / ended.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    how: HOW_COUNTED,
  };
}

export function isAutomatic({ evidence }: AuditEntryView): boolean {
  return Object.keys(evidence).length > 0;
}

function allIncidents(trail: readonly AuditEntryView[]): Incident[] {
  const found: Incident[] = [];
  let open = olderThan(trail[0]);
  for (const entry of trail) {
    const begun = begins(entry);
    if (open && ends(open, entry)) {
      found.push(incidentOf(open, entry));
      open = undefined;
    } else if (begun !== undefined && open === undefined) {
      open = { kind: begun, entry, cause: entry.reason };
    } else if (begun === 'rollback' && open?.kind === 'critical_pause') {
      open.kind = 'rollback';
      open.cause = `${open.cause}; then: ${entry.reason}`;
    }
  }
  return open ? [...found, incidentOf(open, undefined)] : found;
}

/** A history that begins latched begins in an incident. */
function olderThan(first: AuditEntryView | undefined): Open | undefined {
  if (first?.before.automation !== 'latched') return undefined;
  return { kind: 'rollback', entry: undefined, cause: 'older than the history' };
}

function begins({ action, before, after, evidence }: AuditEntryView): Incident['kind'] | undefined {
  if (after.automation === 'latched' && before.automation !== 'latched') return 'rollback';
  return action === 'pause' && evidence.critical === true ? 'critical_pause' : undefined;
}

function ends({ kind }: Open, { before, after }: AuditEntryView): boolean {
  if (kind === 'rollback') return before.automation === 'latched' && after.automation !== 'latched';
  return after.automation === 'armed' || after.automation === 'manual';
}

function incidentOf({ kind, entry, cause }: Open, end: AuditEntryView | undefined): Incident {
  const begun = entry && { from: entry.at, by: entry.by, automatic: isAutomatic(entry) };
  const over = end && { until: end.at, endedBy: end.by, ended: end.reason };
  return {
    kind,
    cause,
    ...(begun ?? { from: null, by: 'not known', automatic: false }),
    ...(over ?? { until: null, endedBy: null, ended: null }),
    lastedMs: entry && end ? Math.max(0, Date.parse(end.at) - Date.parse(entry.at)) : null,
  };
}
