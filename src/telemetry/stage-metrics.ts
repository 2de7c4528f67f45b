const gauge = (name: string, help: string) =>
  ({ type: 'gauge', name, help, labels: [], values: [] }) as const;

/** Where the rollout stands on its ladder, for people who ask how far it is and when it ends. */
export const STAGE_GAUGES = {
  stage: gauge('tcp_comm_rollout_stage', 'The present stage of the ladder, counted from 1'),
  stages: gauge('tcp_comm_rollout_stages', 'Stages of the ladder'),
  ladderFingerprint: gauge(
    'tcp_comm_rollout_ladder_fingerprint',
    'A number that is the same for the same ladder: replicas with another one go by other rules',
  ),
  automation: gauge(
    'tcp_comm_rollout_automation',
    'Who may raise: 0 people only, 1 the machine too, 2 nobody while it is paused, 3 nobody until a release',
  ),
  frozen: gauge('tcp_comm_rollout_frozen', '1 while nobody may raise anything'),
  gatesOpen: gauge('tcp_comm_rollout_gates_open', 'Gates of the present stage that are open'),
  gatesClosed: gauge('tcp_comm_rollout_gates_closed', 'Gates of the present stage that lack something'),
  gatesFailing: gauge(
    'tcp_comm_rollout_gates_failing',
    'Gates of the present stage that have evidence against them',
  ),
  stageEntered: gauge(
    'tcp_comm_rollout_stage_entered_timestamp_seconds',
    'When the present stage was entered',
  ),
  stageHold: gauge('tcp_comm_rollout_stage_hold_seconds', 'How long the present stage lasts at least'),
  stageReady: gauge(
    'tcp_comm_rollout_stage_ready_timestamp_seconds',
    'When its gates can be open at the earliest: those that can be foretold; NaN at the end of the ladder',
  ),
  ladderEnd: gauge(
    'tcp_comm_rollout_earliest_end_timestamp_seconds',
    'When the last stage can be reached at the earliest: the time of each later stage added; NaN at the end',
  ),
} as const;
