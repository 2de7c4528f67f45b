import { judgementWith, verdictWith } from '../../test/support/judgements';
import { contextWith, documentWith, inStage } from '../../test/support/plans';
import type { Judgement } from '../slo/verdict';
import { decide } from './decide';
import type { AuditEntry, RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import { reportStage } from './stage-report';
import { documentSchema } from './stored-schema';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 8, 1, 10);

type World = (hour: number, judgement: Judgement) => Partial<Judgement>;

/** Everything as it should be: the mirror agrees, every finished day was met. */
function wellAt(nowMs: number, generation: number): Judgement {
  const yesterday = new Date(nowMs - DAY_MS).toISOString().slice(0, 10);
  return judgementWith({
    at: new Date(nowMs).toISOString(),
    generation,
    objectives: [verdictWith(), verdictWith({ objective: 'latency' })],
    days: ['command-success', 'latency'].map((objective) => ({ day: yesterday, objective, result: 'met' })),
  });
}

/** Ticks of an hour from arming on; the document is stored and read back each time, as by a process that restarts. */
function climb(hours: number, world: World = () => ({})): { document: RolloutDocument; trail: AuditEntry[] } {
  let document = inStage('dark-launch', documentWith({ holdback: 5 }), {
    enteredAt: new Date(START_MS).toISOString(),
  });
  const trail: AuditEntry[] = [];
  const apply = (event: RolloutEvent): void => {
    const decision = decide(document, event, contextWith());
    if (decision.kind !== 'change') return;
    document = documentSchema.parse(JSON.parse(JSON.stringify(decision.document)));
    trail.push(decision.entry);
  };
  apply({ kind: 'resume', by: 'ana', reason: 'begin', at: new Date(START_MS).toISOString() });
  for (let hour = 0; hour <= hours; hour += 1) {
    const nowMs = START_MS + hour * HOUR_MS;
    const judgement = wellAt(nowMs, document.plan.generation);
    const at = judgement.at;
    apply({
      kind: 'tick',
      by: 'pointsman',
      reason: 'tick',
      at,
      judgement: { ...judgement, ...world(hour, judgement) },
    });
  }
  return { document, trail };
}

/** Day and hour of each step up, counted from the start. */
function steps(trail: readonly AuditEntry[]): string[] {
  return trail
    .filter(({ action }) => action === 'promote')
    .map(({ at, after }) => {
      const hours = Math.round((Date.parse(at) - START_MS) / HOUR_MS);
      return `${after.stage} ${Math.floor(hours / 24)} d ${hours % 24} h`;
    });
}

describe('the default ladder', () => {
  test('leads from the dark launch to removal by ticks alone, each stage in its time', () => {
    const { document, trail } = climb(100 * 24);
    expect(steps(trail)).toEqual([
      'canary-10 7 d 0 h',
      'canary-25 10 d 0 h',
      'canary-50 14 d 0 h',
      // Seven whole days, and then an hour for writing them down.
      'canary-75 21 d 15 h',
      'canary-90 24 d 15 h',
      // Three whole days, and then the window at 02:00.
      'full 28 d 16 h',
      'validation 31 d 16 h',
      'holdback-released 61 d 16 h',
      'removal-ready 65 d 15 h',
    ]);
    expect(document).toMatchObject({
      plan: { percentage: 100, holdback: 0, generation: 1, mirror: { on: false } },
      automation: { kind: 'armed' },
      position: { stage: 'removal-ready' },
    });
  });
});

describe('on the way up', () => {
  test('hours without any measurement cost their time and nothing else', () => {
    const { trail } = climb(12 * 24, (hour, { objectives }) =>
      hour > 9.5 * 24 && hour < 11 * 24
        ? { objectives: objectives.map((verdict) => ({ ...verdict, verdict: 'unknown' })), days: [] }
        : {},
    );
    expect(steps(trail)).toEqual(['canary-10 7 d 0 h', 'canary-25 11 d 1 h']);
    expect(trail.filter(({ action }) => action === 'rollback')).toEqual([]);
  });

  test('a failed day of the validation makes it last 30 days from the end of that day', () => {
    const failedOn = new Date(START_MS + 40 * DAY_MS).toISOString().slice(0, 10);
    const { trail } = climb(100 * 24, (_hour, { days }) => ({
      days: days.map((day) => (day.day === failedOn ? { ...day, result: 'failed' } : day)),
    }));
    // Day 40 is over at 40 d 14 h; the look that finds 30 days passed writes down a day first.
    expect(steps(trail).slice(-2)).toEqual(['holdback-released 70 d 15 h', 'removal-ready 74 d 15 h']);
    expect(trail.filter(({ action }) => action === 'clock_reset')).toHaveLength(1);
  });

  test('a rollback starts over, and nothing goes up until a person has released and armed again', () => {
    const { document, trail } = climb(30 * 24, (hour) =>
      hour === 12 * 24
        ? { demands: [{ kind: 'rollback', rule: 'burn', why: 'it burns', evidence: {} }] }
        : {},
    );
    expect(steps(trail)).toEqual(['canary-10 7 d 0 h', 'canary-25 10 d 0 h']);
    expect(document).toMatchObject({
      plan: { percentage: 0, generation: 2 },
      automation: { kind: 'latched', reason: 'it burns' },
      position: { stage: 'dark-launch' },
    });
    // What was judged before the rollback is gone.
    expect(document.position.days[0]?.day).toBe('2026-09-12');
  });
});

describe('a report of the stage', () => {
  test('says where the rollout stands and what comes next, and asks nothing at the end', () => {
    const { ladder } = contextWith();
    const start = reportStage(documentWith(), ladder, undefined, START_MS);
    expect([start.stage.name, start.index, start.of, start.next?.name]).toEqual([
      'dark-launch',
      0,
      10,
      'canary-10',
    ]);
    expect(start.gates.map(({ name }) => name)).toEqual(['hold', 'mirror agreement']);
    const { document } = climb(100 * 24);
    expect(reportStage(document, ladder, undefined, START_MS)).toMatchObject({ next: undefined, gates: [] });
  });

  test('counts a judgement of another generation as none, and one that is old', () => {
    const report = (generation: number, agoMs = 0) =>
      reportStage(
        inStage('canary-10', documentWith({ percentage: 10 })),
        contextWith().ladder,
        judgementWith({ generation, at: new Date(START_MS - agoMs).toISOString() }),
        START_MS,
      );
    expect(report(1).gates.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    expect(report(1, 10 * 60_000).gates[1]?.state).toBe('open');
    for (const none of [report(2), report(1, 10 * 60_000 + 1)])
      expect(none.gates[1]).toMatchObject({
        state: 'closed',
        lacks: 'nothing was judged lately in this generation',
      });
  });
});
