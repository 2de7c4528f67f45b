import type { AuditEntryView } from '../../src/api/schemas/history';
import type { ReportObjectiveView, SloReportView } from '../../src/api/schemas/slo-report';
import type { ObjectiveView, SlosView } from '../../src/api/schemas/slos';
import type { ReportSources } from '../../src/reports/compose';
import { viewWith } from './rollout-views';

type State = AuditEntryView['before'];

const STATE: State = {
  percentage: 10,
  holdback: 5,
  mirror: 0,
  pins: 0,
  revision: 10,
  generation: 1,
  automation: 'armed',
  stage: 'canary-10',
};

/** An entry of the history that changes what `after` says. */
export function entryWith(
  over: Partial<Omit<AuditEntryView, 'before' | 'after'>> & {
    before?: Partial<State>;
    after?: Partial<State>;
  },
): AuditEntryView {
  const before = { ...STATE, ...over.before };
  return {
    at: '2026-01-02T10:00:00.000Z',
    by: 'ana',
    action: 'set_percentage',
    reason: 'a reason',
    evidence: {},
    ...over,
    before,
    after: { ...before, revision: before.revision + 1, ...over.after },
  };
}

/** The guard takes the ramp back, and Ben lets it go on 90 minutes later. */
export const ROLLED_BACK: readonly AuditEntryView[] = [
  entryWith({
    at: '2026-01-02T12:00:00.000Z',
    by: 'guard',
    action: 'rollback',
    reason: 'new 11 bad of 11 in a row, meanwhile legacy 0 bad of 22',
    evidence: { rule: 'run', score: 21.03, limit: 15, scope: 'this replica' },
    after: { percentage: 0, generation: 2, automation: 'latched', stage: 'dark-launch', revision: 12 },
  }),
  entryWith({
    at: '2026-01-02T13:30:00.000Z',
    by: 'ben',
    action: 'release',
    reason: 'firmware 1.1.159 fixed it',
    before: { percentage: 0, generation: 2, automation: 'latched', stage: 'dark-launch', revision: 12 },
    after: { generation: 3, automation: 'manual' },
  }),
];

const FIRST = entryWith({
  at: '2025-12-30T09:00:00.000Z',
  by: 'pointsman',
  action: 'seed',
  reason: 'the store was empty',
  before: { percentage: 0, automation: 'manual', stage: 'dark-launch', revision: 0 },
});

const WHOLE_DAY = { bad: 1, all: 10_000, coverage: 1 };

/** Two whole days and a half, of which the first was not measured. */
export function reportObjective(over: Partial<ReportObjectiveView> = {}): ReportObjectiveView {
  return {
    name: 'command-success',
    title: 'Commands that were transmitted are applied within their deadline',
    target: 0.999,
    window: '30d',
    observeOnly: false,
    result: 'met',
    new: { bad: 2, all: 15_000, coverage: 0.6 },
    legacy: { bad: 60, all: 90_000, coverage: 0.6 },
    budgetLeft: { new: 0.8667, legacy: 0.3333 },
    days: [
      { day: '2026-01-01', result: 'unmeasured', new: null, legacy: null, why: 'no series' },
      { day: '2026-01-02', result: 'met', new: WHOLE_DAY, legacy: WHOLE_DAY, why: null },
      {
        day: '2026-01-03',
        result: 'insufficient',
        new: { bad: 1, all: 900, coverage: 0.5 },
        legacy: WHOLE_DAY,
        why: null,
      },
    ],
    ...over,
  };
}

export function periodWith(over: Partial<SloReportView> = {}): SloReportView {
  return {
    from: '2026-01-01T00:00:00.000Z',
    until: '2026-01-03T14:00:00.000Z',
    days: 3,
    source: 'prometheus',
    replica: 'a',
    doubts: [],
    objectives: [reportObjective()],
    ...over,
  };
}

export function objectiveView(over: Partial<ObjectiveView> = {}): ObjectiveView {
  return {
    name: 'command-success',
    title: 'Commands that were transmitted are applied within their deadline',
    verdict: 'pass',
    why: '2 of 15,000 bad (0.0133 %); allowed is 0.1 %',
    target: 0.999,
    window: '30d',
    observeOnly: false,
    ratio: 0.000133,
    bad: 2,
    all: 15_000,
    legacy: { bad: 60, all: 90_000 },
    evidenceNeeded: 2_995,
    evidence: '15,000 events seen',
    readyAt: null,
    eventsPerSecond: 3,
    budgetLeft: 0.87,
    budgetLeftWhole: 0.87,
    timeToExhaustionMs: null,
    young: false,
    coverage: 0.6,
    burnRates: [],
    ...over,
  };
}

export function slosWith(over: Partial<SlosView> = {}): SlosView {
  return {
    at: '2026-01-03T13:59:50.000Z',
    generation: 3,
    verdict: 'pass',
    disagreements: [],
    objectives: [objectiveView()],
    ...over,
  };
}

/** Everything in order and every gate open, but for what `over` says. */
export function sourcesWith(over: Partial<ReportSources> = {}): ReportSources {
  const healthy = viewWith();
  return {
    me: { name: 'ana', role: 'viewer', environment: 'production', version: '1.2.3' },
    rollout: {
      ...healthy,
      replicas: healthy.replicas.filter(({ differs }) => !differs),
      gates: [{ name: 'hold', state: 'open', lacks: null, readyAt: null, onFail: 'hold' }],
    },
    slos: slosWith(),
    period: periodWith(),
    removal: {
      at: '2026-01-03T14:00:00.000Z',
      answer: 'no',
      days: 7,
      items: [
        {
          name: 'validation passed',
          answer: 'no',
          finding: 'the rollout stands in canary-10',
          todo: 'climb',
        },
      ],
    },
    history: [FIRST],
    historyCut: false,
    madeAt: '2026-01-03T14:00:00.000Z',
    ...over,
  };
}

/** A history as the API gives it, newest first, that goes back to the very beginning. */
export function historyOf(...oldestFirst: readonly AuditEntryView[]): AuditEntryView[] {
  return [FIRST, ...oldestFirst].reverse();
}
