/**
 * The closed vocabularies that the whole program shares. They are label values of metrics, fields of the
 * HTTP contract and keys of the audit trail, so each is spelled in one place.
 */

/** The two ways of delivering a command over a link. */
export const TRANSPORTS = ['new', 'legacy'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/**
 * How a command ended, as the observer saw it on the link (docs/architecture.md, "Outcomes").
 * `expired`: the deadline passed while the command still waited in its lane, so nothing was transmitted.
 */
export const OUTCOMES = [
  'applied',
  'rejected',
  'accepted',
  'timeout',
  'connection_lost',
  'queue_full',
  'expired',
  'not_connected',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Those that say something of a transport: something was transmitted. */
export const TRANSMITTED_OUTCOMES = [
  'applied',
  'rejected',
  'accepted',
  'timeout',
  'connection_lost',
] as const satisfies readonly Outcome[];
