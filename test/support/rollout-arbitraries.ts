import fc from 'fast-check';
import { assign } from '../../src/routing/assign';
import type { RolloutDocument } from '../../src/rollout/document';
import { isLatched } from '../../src/rollout/document';
import type { RolloutEvent } from '../../src/rollout/event';
import { seededRandom } from '../../src/kernel/random';
import type { Demand, Judgement } from '../../src/slo/verdict';
import { judgementWith, verdictWith } from './judgements';
import { deviceIds } from './plans';

/** A fleet whose first devices may be pinned; each falls anywhere by either salt. */
const random = seededRandom(7);
const FLEET = deviceIds(60).map((id) => ({
  id,
  cohort: Math.floor(random.next() * 100_000),
  holdback: Math.floor(random.next() * 100_000),
}));
const [one, two, three] = FLEET.map(({ id }) => id);

/** The devices that a document gives the new transport, by the very rule of routing. */
export function devicesOnNew(document: RolloutDocument): ReadonlySet<string> {
  const { plan } = document;
  const routed = { plan, latched: isLatched(document) };
  const shifted = plan.salt === 'ramp26' ? 0 : 50_000;
  return new Set(
    FLEET.filter(({ id, cohort, holdback }) => {
      const buckets = { cohort: (cohort + shifted) % 100_000, holdback };
      return assign(plan.pins[id], buckets, routed).transport === 'new';
    }).map(({ id }) => id),
  );
}

const percentage = fc.oneof(
  fc.constantFrom(0, 1, 10, 25, 50, 75, 90, 100),
  fc.nat({ max: 100_000 }).map((steps) => steps / 1000),
);
const confirmed = fc.boolean();
/** Of the generation before, of this one, of the next; or a person's, who names none. */
const generation = fc.option(fc.constantFrom(0, 0, 0, -1, 1), { nil: undefined });

const demand: fc.Arbitrary<Demand> = fc.oneof(
  fc.constant<Demand>({ kind: 'rollback', rule: 'burn', why: 'it burns', evidence: {} }),
  fc
    .boolean()
    .map<Demand>((critical) => ({ kind: 'pause', rule: 'cause', why: 'both', critical, evidence: {} })),
);

interface Made {
  readonly deed: object;
  readonly by: string;
  /** Since the event before. */
  readonly hours: number;
  /** Behind the current revision by so much. */
  readonly behind: number | undefined;
}

const judged = fc.record({
  off: fc.constantFrom(0, 0, 0, 0, -1, 1),
  verdict: fc.constantFrom('pass', 'pass', 'pass', 'fail', 'insufficient', 'unknown'),
  budgetLeft: fc.constantFrom(1, 1, 0.4, -1),
  demands: fc.array(demand, { maxLength: 2 }),
  day: fc.option(fc.constantFrom('met', 'met', 'failed', 'insufficient'), { nil: undefined }),
});

const ALL_WELL = { off: 0, verdict: 'pass', budgetLeft: 1, demands: [], day: undefined };

const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set_percentage'), percentage, confirmed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set_holdback'), holdback: percentage, confirmed }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('set_mirror'), on: fc.boolean(), percentage }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('set_pins'),
      pins: fc.dictionary(
        fc.constantFrom(one ?? '', two ?? '', three ?? ''),
        fc.constantFrom('new', 'legacy', null),
        { minKeys: 1 },
      ),
      confirmed,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rollback'),
      to: fc.constantFrom('zero', 'previous_stage'),
      off: generation,
      evidence: fc.constant({}),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause'),
      off: generation,
      critical: fc.boolean(),
      evidence: fc.constant({}),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('promote'), judged, confirmed }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'resume' }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'freeze' }, { kind: 'unfreeze' }, { kind: 'unfreeze' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('release'),
      newSalt: fc.option(fc.constant('other'), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'approve', role: 'admin' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick'), judged }) },
  { weight: 8, arbitrary: fc.constant({ kind: 'tick', judged: ALL_WELL }) },
);

/** What somebody, or the program, does next; made an event of by `eventOf`, for the document that is there then. */
export const madeEvent: fc.Arbitrary<Made> = fc.record({
  deed,
  by: fc.constantFrom('ana', 'ben'),
  hours: fc.constantFrom(0, 0.001, 1, 30, 100, 200),
  behind: fc.option(fc.constantFrom(0, 1), { nil: undefined, freq: 8 }),
});

/** `atMs`: when it happens. */
export function eventOf(
  { plan }: RolloutDocument,
  { deed: made, by, behind }: Made,
  atMs: number,
): RolloutEvent {
  const {
    off,
    judged: judgement,
    ...rest
  } = made as {
    kind: RolloutEvent['kind'];
    off?: number;
    judged?: Record<string, unknown>;
  };
  const at = new Date(atMs).toISOString();
  const event = {
    ...rest,
    by: rest.kind === 'tick' ? 'pointsman' : by,
    reason: rest.kind,
    at,
    expectedRevision: behind === undefined ? undefined : plan.revision - behind,
    ...(off === undefined ? {} : { generation: plan.generation + off }),
    ...(judgement === undefined ? {} : { judgement: judgementOf(plan.generation, judgement, at) }),
  };
  return event as RolloutEvent;
}

function judgementOf(current: number, made: Record<string, unknown>, at: string): Judgement {
  const { off, verdict, budgetLeft, demands, day } = made as {
    off: number;
    verdict: 'pass';
    budgetLeft: number;
    demands: Demand[];
    day: 'met' | undefined;
  };
  return judgementWith({
    at,
    generation: current + off,
    objectives: [verdictWith({ verdict, budgetLeft })],
    demands,
    days: day === undefined ? [] : [{ day: at.slice(0, 10), objective: 'command-success', result: day }],
  });
}
