import { GUARD_RULES } from '../kernel/guard-facts';

/** Counted from what the guard reports. */
export const GUARD_COUNTED = {
  guardTrips: {
    type: 'counter',
    name: 'tcp_comm_guard_trip_total',
    help: 'Times that the guard found the new transport worse, by the kind of evidence; acted upon or not',
    labels: ['rule'],
    values: [GUARD_RULES],
  },
} as const;

const gauge = (name: string, help: string) =>
  ({ type: 'gauge', name, help, labels: [], values: [] }) as const;

/** Read at the moment of a scrape. */
export const GUARD_GAUGES = {
  guardFailureEvidence: gauge(
    'tcp_comm_guard_failure_evidence_nats',
    'Evidence that new fails more often than legacy: the highest of the rules',
  ),
  guardFailureLimit: gauge('tcp_comm_guard_failure_limit_nats', 'At which that evidence rolls back'),
  guardBreakageEvidence: gauge(
    'tcp_comm_guard_breakage_evidence_nats',
    'Evidence that devices break more often on new than on legacy',
  ),
  guardBreakageLimit: gauge('tcp_comm_guard_breakage_limit_nats', 'At which that evidence rolls back'),
  guardRunEvidence: gauge(
    'tcp_comm_guard_run_evidence_nats',
    'Evidence of the present run of failures on new; it rolls back at 15',
  ),
  guardShare: gauge('tcp_comm_guard_share', 'Share of traffic on new as the guard measures it, 0 to 1'),
  guardBadShareNew: gauge(
    'tcp_comm_guard_bad_share_new',
    'Share of the commands on new that were bad in the last minute, of all devices, clear or not, 0 to 1',
  ),
  guardBadShareLegacy: gauge(
    'tcp_comm_guard_bad_share_legacy',
    'The same on legacy: where both are high, the guard lays it to nobody',
  ),
  guardDevicesSuspect: gauge('tcp_comm_guard_devices_suspect', 'Devices with a recent failure, not counted'),
  guardDevicesAside: gauge('tcp_comm_guard_devices_aside', 'Broken devices that are set aside for a day'),
  guardControl: gauge(
    'tcp_comm_guard_control',
    '1 while there is enough traffic on legacy to compare with; without it the guard cannot decide',
  ),
  guardTripped: gauge('tcp_comm_guard_tripped', '1 after the guard has tripped in this generation'),
} as const;
