import { STORE_CAUSES } from '../kernel/store-facts';

/** Counted from what the store of the rollout does. */
export const STORE_COUNTED = {
  storeFailures: {
    type: 'counter',
    name: 'tcp_comm_plan_store_failures_total',
    help: 'Reads and writes of the plan store that failed, by cause; a store that stays away counts a read once',
    labels: ['operation', 'cause'],
    values: [['read', 'write'], STORE_CAUSES],
  },
  reassertions: {
    type: 'counter',
    name: 'tcp_comm_plan_reasserted_total',
    help: 'Times that the store had lost or contradicted what was known, and the lower of the two was written back',
    labels: [],
    values: [],
  },
  loweringsDropped: {
    type: 'counter',
    name: 'tcp_comm_plan_lowering_dropped_total',
    help: 'Lowerings that waited for the store and found it ahead of them',
    labels: [],
    values: [],
  },
} as const;

/** Read at the moment of a scrape. */
export const STORE_GAUGES = {
  storeUp: {
    type: 'gauge',
    name: 'tcp_comm_plan_store_up',
    help: '1 while the store of the plan does what it is asked to',
    labels: [],
    values: [],
  },
  planAge: {
    type: 'gauge',
    name: 'tcp_comm_plan_age_seconds',
    help: 'Since the plan was last read from its store, or confirmed there; NaN before the first time',
    labels: [],
    values: [],
  },
  planRefused: {
    type: 'gauge',
    name: 'tcp_comm_plan_store_refused',
    help: '1 while what stands in the store is not believed, and the last good plan goes on',
    labels: [],
    values: [],
  },
  planUnstored: {
    type: 'gauge',
    name: 'tcp_comm_plan_unstored_changes',
    help: 'Changes in effect here that could not be stored yet',
    labels: [],
    values: [],
  },
} as const;
