import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock';
import type { Judgement } from '../slo/verdict';
import type { Automation } from './document';
import type { GateReport, GateState } from './gate-report';
import type { Ladder } from './ladder';
import type { Rollout } from './rollout';
import { reportStage } from './stage-report';

export interface StageReadingsParts {
  readonly rollout: Pick<Rollout, 'document'>;
  readonly ticker: { readonly latestJudgement: Judgement | undefined };
  readonly ladder: Ladder;
  readonly clock: Pick<Clock, 'wallNow'>;
}

const MS = 1000;

/** As numbers, in the order in which they take freedom away. */
const AUTOMATION: Readonly<Record<Automation['kind'], number>> = {
  manual: 0,
  armed: 1,
  paused: 2,
  latched: 3,
};

/** What a scrape reads of the ladder. */
export function stageReadings({ rollout, ticker, ladder, clock }: StageReadingsParts) {
  const report = () => reportStage(rollout.document, ladder, ticker.latestJudgement, clock.wallNow());
  const gatesIn = (state: GateState) => () => report().gates.filter((gate) => gate.state === state).length;
  const fingerprint = fingerprintOf(ladder);
  return {
    stage: () => report().index + 1,
    stages: () => ladder.stages.length,
    ladderFingerprint: () => fingerprint,
    automation: () => AUTOMATION[rollout.document.automation.kind],
    frozen: () => Number(rollout.document.freeze !== null),
    gatesOpen: gatesIn('open'),
    gatesClosed: gatesIn('closed'),
    gatesFailing: gatesIn('failing'),
    stageEntered: () => Date.parse(rollout.document.position.enteredAt) / MS,
    stageHold: () => (ladder.stages[report().index]?.holdMs ?? NaN) / MS,
    stageReady: () => readyMs(report().gates, clock.wallNow()) / MS,
    ladderEnd: () => {
      const { index, gates } = report();
      const later = ladder.stages.slice(index + 1, -1).reduce((total, { holdMs }) => total + holdMs, 0);
      return (readyMs(gates, clock.wallNow()) + later) / MS;
    },
  };
}

/** When they can be open at the earliest: what cannot be foretold may take longer. NaN where there are none. */
function readyMs(gates: readonly GateReport[], nowMs: number): number {
  if (gates.length === 0) return NaN;
  return Math.max(nowMs, ...gates.flatMap(({ readyAt }) => (readyAt === null ? [] : [Date.parse(readyAt)])));
}

function fingerprintOf(ladder: Ladder): number {
  return createHash('sha256').update(JSON.stringify(ladder)).digest().readUInt32BE();
}
