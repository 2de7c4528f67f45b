import { BREAKER_CAUSES, DARK_LAUNCH_ERRORS, MIRROR_DROP_REASONS } from '../kernel/mirror-facts';
import { OUTCOMES } from '../kernel/words';

const VERDICTS = ['agree', 'differ'] as const;

/**
 * Counted from what the dark launch says. Names of its own throughout: no objective is computed from any of them, and
 * nothing that a shadow did is found in a series that one is computed from.
 */
export const MIRROR_COUNTED = {
  darkLaunchSuccess: {
    type: 'counter',
    name: 'dark_launch_success_total',
    help: 'Shadowed commands whose outcome and frame agree with what legacy really did',
    labels: [],
    values: [],
    perGeneration: true,
  },
  darkLaunchErrors: {
    type: 'counter',
    name: 'dark_launch_error_total',
    help: 'Shadowed commands that do not agree with what legacy really did, or that the shadow failed to examine',
    labels: ['error'],
    values: [DARK_LAUNCH_ERRORS],
    perGeneration: true,
  },
  mirrorOutcomes: {
    type: 'counter',
    name: 'tcp_comm_mirror_outcome_total',
    help: 'Shadowed commands by the outcome that the shadow believes, and whether the observer of the real one agrees',
    labels: ['outcome', 'verdict'],
    values: [OUTCOMES, VERDICTS],
    perGeneration: true,
  },
  mirrorFrames: {
    type: 'counter',
    name: 'tcp_comm_mirror_frame_total',
    help: 'Shadowed commands by whether the frame agrees with the bytes of legacy and with a second layout',
    labels: ['verdict'],
    values: [VERDICTS],
    perGeneration: true,
  },
  mirrorBaseline: {
    type: 'counter',
    name: 'tcp_comm_mirror_baseline_total',
    help: 'Legacy compared with itself by the means of the mirror: what differs here is noise of the comparison',
    labels: ['check', 'verdict'],
    values: [['outcome', 'frame'], VERDICTS],
    perGeneration: true,
  },
  mirrorRetransmissions: {
    type: 'counter',
    name: 'tcp_comm_mirror_would_retransmit_total',
    help: 'Repeats that the new transport would have written',
    labels: [],
    values: [],
    perGeneration: true,
  },
  mirrorTimeouts: {
    type: 'counter',
    name: 'tcp_comm_mirror_would_timeout_total',
    help: 'Waits for a receipt or reply that would have run out on the new transport',
    labels: ['ack_type'],
    values: [['receipt', 'reply']],
    perGeneration: true,
  },
  mirrorDenied: {
    type: 'counter',
    name: 'tcp_comm_mirror_would_deny_total',
    help: 'Repeats that would have been due and that the budget over all devices would not have allowed',
    labels: [],
    values: [],
    perGeneration: true,
  },
  mirrorLatency: {
    type: 'histogram',
    name: 'tcp_comm_mirror_latency_seconds',
    help: 'From leaving the lane to the reply, as the shadow saw it; a command without one counts in +Inf alone',
    labels: [],
    values: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 0.8, 1, 1.5, 2.5, 5, 10],
    perGeneration: true,
  },
  mirrorSampled: {
    type: 'counter',
    name: 'tcp_comm_mirror_sampled_total',
    help: 'Commands delivered by legacy that the sample of the mirror holds',
    labels: [],
    values: [],
  },
  mirrorDropped: {
    type: 'counter',
    name: 'tcp_comm_mirror_dropped_total',
    help: 'Commands that the sample holds and that were not examined, by reason',
    labels: ['reason'],
    values: [MIRROR_DROP_REASONS],
  },
  mirrorBreakerOpened: {
    type: 'counter',
    name: 'tcp_comm_mirror_breaker_opened_total',
    help: 'Times that the mirror was switched off for a while, by what it did wrong',
    labels: ['cause'],
    values: [BREAKER_CAUSES],
  },
} as const;

/** Read at the moment of a scrape. */
export const MIRROR_GAUGES = {
  mirrorPercentage: {
    type: 'gauge',
    name: 'tcp_comm_mirror_percentage',
    help: 'Share of devices whose commands are shadowed while legacy delivers them; 0 while the mirror is off',
    labels: [],
    values: [],
  },
  mirrorQueue: {
    type: 'gauge',
    name: 'tcp_comm_mirror_queue_size',
    help: 'Commands that are recorded, or wait for the shadow',
    labels: [],
    values: [],
  },
  mirrorBreaker: {
    type: 'gauge',
    name: 'tcp_comm_mirror_breaker_state',
    help: '0 while the mirror works, 1 while it tries with one command, 2 while it is switched off',
    labels: [],
    values: [],
  },
  cohortDevices: {
    type: 'gauge',
    name: 'tcp_comm_cohort_devices',
    help: 'Known devices that the plan gives to the new transport',
    labels: [],
    values: [],
  },
  cohortSpoken: {
    type: 'gauge',
    name: 'tcp_comm_cohort_devices_spoken',
    help: 'Of those, devices of which a packet was received since they moved',
    labels: [],
    values: [],
  },
  cohortDecided: {
    type: 'gauge',
    name: 'tcp_comm_cohort_devices_decided',
    help: 'Of those, devices for which a command over the new transport was decided since they moved',
    labels: [],
    values: [],
  },
} as const;
