export const ALERT_OUTCOMES = [
  'rollback',
  'pause',
  'stale',
  'watchdog',
  'resolved',
  'no_action',
  'no_generation',
  'malformed',
] as const;
export type AlertOutcome = (typeof ALERT_OUTCOMES)[number];

/** What the alerting systems around the program did. */
export type AlertFact =
  | { readonly kind: 'alert_received'; readonly outcome: AlertOutcome }
  /** The alert that always fires stays away: the way from Prometheus to here is broken. */
  | { readonly kind: 'watchdog_silent'; readonly since: string | null }
  | { readonly kind: 'watchdog_back' }
  /** Silences or inhibitions in Alertmanager that keep rollback alerts from arriving. */
  | { readonly kind: 'rollback_muted'; readonly by: readonly string[] }
  | { readonly kind: 'alertmanager_unread'; readonly message: string };
