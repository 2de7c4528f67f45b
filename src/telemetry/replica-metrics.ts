import { NOTIFICATION_OUTCOMES, RECEIVER_KINDS, TICK_OUTCOMES } from '../kernel/replica-facts';

/** Counted from what replicas do for all, and from what they tell people. */
export const REPLICA_COUNTED = {
  ticks: {
    type: 'counter',
    name: 'tcp_comm_rollout_tick_total',
    help: 'Looks of the control plane at the rollout, by this replica as the leader, and how they ended',
    labels: ['outcome'],
    values: [TICK_OUTCOMES],
  },
  leaseFailures: {
    type: 'counter',
    name: 'tcp_comm_lease_failures_total',
    help: 'Times that the lease could be neither taken nor prolonged because its store did not answer',
    labels: [],
    values: [],
  },
  jobFailures: {
    type: 'counter',
    name: 'tcp_comm_job_failures_total',
    help: 'Runs of a regular job that ended in an error of the program',
    labels: [],
    values: [],
  },
  notifications: {
    type: 'counter',
    name: 'tcp_comm_notification_total',
    help: 'Notifications to people, by kind of receiver and how they ended',
    labels: ['kind', 'outcome'],
    values: [RECEIVER_KINDS, NOTIFICATION_OUTCOMES],
  },
} as const;

/** Read at the moment of a scrape. */
export const REPLICA_GAUGES = {
  replicas: {
    type: 'gauge',
    name: 'tcp_comm_replicas',
    help: 'Replicas that share this rollout and have been heard of lately, this one included',
    labels: [],
    values: [],
  },
  revisionSkew: {
    type: 'gauge',
    name: 'tcp_comm_revision_skew',
    help: '1 while replicas follow different plans for longer than replicas.skewMs',
    labels: [],
    values: [],
  },
  leader: {
    type: 'gauge',
    name: 'tcp_comm_rollout_leader',
    help: '1 while this replica is the one that ticks',
    labels: [],
    values: [],
  },
} as const;
