import fc from 'fast-check';
import { contextWith, documentWith } from '../../test/support/plans';
import { devicesOnNew, eventOf, madeEvent } from '../../test/support/rollout-arbitraries';
import { decide } from './decide';
import { isLatched, type RolloutDocument } from './document';
import type { Loaded } from './plan-store';
import { isSame, reconcile } from './reconcile';

const REPLICAS = 3;
const START_MS = Date.UTC(2026, 0, 1);

/** Several processes over a store that forgets, fails over to an older state, and holds garbage now and then. */
class World {
  /** What the store has held, oldest first; it may fall back to any of it. */
  readonly past: RolloutDocument[] = [];
  readonly known: RolloutDocument[];
  seen: Loaded;
  now = START_MS;
  private writes = 0;
  reasserted = 0;

  constructor(first: RolloutDocument) {
    this.known = Array.from({ length: REPLICAS }, () => first);
    this.seen = { kind: 'found', document: first };
    this.past.push(first);
  }

  /** Somebody asks a replica. What lowers is in effect at once; what raises, when the store has taken it. */
  wish(replica: number, made: Parameters<typeof eventOf>[1]): void {
    const known = this.of(replica);
    this.now += made.hours * 3_600_000;
    const event = eventOf(known, made, this.now);
    const context = contextWith({ writer: this.writer(replica) });
    const decision = decide(known, event, context);
    if (decision.kind !== 'change') return;
    const stored = this.write(decision.document, known);
    if (stored || decision.order === 'act_first') this.known[replica] = decision.document;
  }

  /** A replica looks at the store. Nothing that follows from it by itself may give a device to the new transport. */
  look(replica: number): void {
    const known = this.of(replica);
    const at = new Date(this.now).toISOString();
    const made = reconcile(known, this.seen, { writer: this.writer(replica), at });
    switch (made.kind) {
      case 'same':
      case 'keep':
        return;
      case 'adopt':
        expectFollowed(known, made.document);
        this.known[replica] = made.document;
        return;
      case 'reassert':
        this.reasserted += 1;
        expectLower(known, this.seen, made.document);
        this.known[replica] = made.document;
        this.put(made.document);
    }
  }

  fallBack(by: number): void {
    const document = this.past[Math.max(this.past.length - 1 - by, 0)];
    if (document) this.seen = { kind: 'found', document };
  }

  private of(replica: number): RolloutDocument {
    const known = this.known[replica];
    if (!known) throw new Error(`no replica ${replica}`);
    return known;
  }

  private writer(replica: number): string {
    return `replica-${replica}#${(this.writes += 1)}`;
  }

  private write(document: RolloutDocument, expected: RolloutDocument): boolean {
    if (this.seen.kind !== 'found' || !isSame(this.seen.document, expected)) return false;
    this.put(document);
    return true;
  }

  private put(document: RolloutDocument): void {
    this.seen = { kind: 'found', document };
    this.past.push(document);
  }
}

/** Followed is only what comes later, and a latch only into a newer generation. */
function expectFollowed(known: RolloutDocument, next: RolloutDocument): void {
  expect(next.plan.generation).toBeGreaterThanOrEqual(known.plan.generation);
  expect(next.plan.revision).toBeGreaterThanOrEqual(known.plan.revision);
  if (isLatched(known) && !isLatched(next))
    expect(next.plan.generation).toBeGreaterThan(known.plan.generation);
}

function expectLower(known: RolloutDocument, seen: Loaded, next: RolloutDocument): void {
  const others = seen.kind === 'found' ? [known, seen.document] : [known];
  const is = devicesOnNew(next);
  for (const other of others) {
    const was = devicesOnNew(other);
    expect([...is].filter((id) => !was.has(id))).toEqual([]);
    expect(next.plan.percentage).toBeLessThanOrEqual(other.plan.percentage);
    expect(next.plan.generation).toBeGreaterThanOrEqual(other.plan.generation);
    if (isLatched(other)) expect(isLatched(next)).toBe(true);
    if (other.freeze) expect(next.freeze).not.toBeNull();
  }
  if (seen.kind === 'empty') expect([next.plan.percentage, isLatched(next)]).toEqual([0, true]);
}

const replica = fc.nat({ max: REPLICAS - 1 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wish' as const), replica, made: madeEvent }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('look' as const), replica }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fallBack' as const), by: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'empty' as const }, { do: 'garbage' as const }) },
);

describe('replicas over a store that loses writes', () => {
  test('never raise anything by themselves, and agree when it is well again', () => {
    let reasserted = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = new World(documentWith({ percentage: 10, holdback: 5, pins: { '37962469': 'new' } }));
        for (const the of steps) take(world, the);
        if (world.seen.kind === 'refused') world.fallBack(0);
        // Each looks, and looks again at what the others have made of it.
        for (let round = 0; round < 4; round += 1)
          for (let one = 0; one < REPLICAS; one += 1) world.look(one);
        for (const known of world.known) expect(world.seen).toMatchObject({ kind: 'found', document: known });
        reasserted += world.reasserted;
      }),
      { numRuns: 200 },
    );
    expect(reasserted).toBeGreaterThan(0);
  });
});

function take(world: World, the: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
  switch (the.do) {
    case 'wish':
      return world.wish(the.replica, the.made);
    case 'look':
      return world.look(the.replica);
    case 'fallBack':
      return world.fallBack(the.by);
    case 'empty':
      world.seen = { kind: 'empty' };
      return;
    case 'garbage':
      world.seen = { kind: 'refused', message: 'not a document' };
  }
}
