import fc from 'fast-check';
import { BoundedQueue } from './bounded-queue';

/** Weighs as many bytes as its number says. */
interface Item {
  readonly weight: number;
}

type Step =
  | { readonly kind: 'offer'; readonly weight: number }
  | { readonly kind: 'take' }
  | { readonly kind: 'remove'; readonly place: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('offer' as const), weight: fc.nat(9) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'take' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), place: fc.nat(6) }) },
  ),
  { maxLength: 60 },
);

const STRANGER: Item = { weight: 0 };

interface Limits {
  readonly items: number;
  readonly bytes: number;
}

/** An array that is kept short and light. */
class Model {
  readonly items: Item[] = [];

  constructor(private readonly limits: Limits) {}

  get bytes(): number {
    return this.items.reduce((sum, { weight }) => sum + weight, 0);
  }

  get isBelowHalf(): boolean {
    return this.items.length < this.limits.items / 2 && this.bytes < this.limits.bytes / 2;
  }

  fits({ weight }: Item): boolean {
    return this.items.length < this.limits.items && this.bytes + weight <= this.limits.bytes;
  }

  offer(item: Item): boolean {
    return this.fits(item) && this.items.push(item) > 0;
  }

  remove(item: Item): boolean {
    const place = this.items.indexOf(item);
    return place >= 0 && this.items.splice(place, 1).length > 0;
  }
}

/** What the step gives from the one and from the other. */
function stepBoth(step: Step, model: Model, queue: BoundedQueue<Item>): [unknown, unknown] {
  if (step.kind === 'take') return [model.items.shift(), queue.take()];
  if (step.kind === 'remove') {
    const item = model.items[step.place] ?? STRANGER;
    return [model.remove(item), queue.remove(item)];
  }
  const item = { weight: step.weight };
  return [
    [model.fits(item), model.offer(item)],
    [queue.fits(item), queue.offer(item)],
  ];
}

function expectAlike(queue: BoundedQueue<Item>, model: Model): void {
  expect(queue.peek()).toBe(model.items[0]);
  expect([queue.size, queue.bytes, queue.isBelowHalf]).toEqual([
    model.items.length,
    model.bytes,
    model.isBelowHalf,
  ]);
}

describe('a bounded queue', () => {
  it('does what a short and light array does, whatever is done to it', () => {
    const limits = fc.record({
      items: fc.integer({ min: 1, max: 6 }),
      bytes: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(limits, steps, (bounds, script) => {
        const model = new Model(bounds);
        const queue = new BoundedQueue<Item>(bounds, ({ weight }) => weight);
        for (const step of script) {
          const [expected, given] = stepBoth(step, model, queue);
          expect(given).toEqual(expected);
          expectAlike(queue, model);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says no when full, and yes again when one was taken', () => {
    const queue = new BoundedQueue<string>({ items: 2 });
    expect([queue.offer('a'), queue.offer('b'), queue.offer('c')]).toEqual([true, true, false]);
    expect(queue.take()).toBe('a');
    expect(queue.offer('d')).toBe(true);
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['b', 'd', undefined]);
  });

  it('says no to what is too heavy for the room there is, and yes to what is not', () => {
    const queue = new BoundedQueue<string>({ items: 9, bytes: 5 }, ({ length }) => length);
    expect([queue.offer('four'), queue.offer('to'), queue.offer('a')]).toEqual([true, false, true]);
  });

  it('lets go of what was taken or removed, so that it can be collected', () => {
    const queue = new BoundedQueue<object>({ items: 4 });
    const [first, second, third] = [{}, {}, {}] as const;
    for (const item of [first, second, third]) queue.offer(item);
    queue.remove(second);
    queue.take();
    const held = Object.values(queue).flat();
    expect(held).toContain(third);
    expect(held).not.toContain(first);
    expect(held).not.toContain(second);
  });

  it('takes no memory for room that was never used', () => {
    const queue = new BoundedQueue<number>({ items: 100_000 });
    const slots = (): number =>
      Math.max(...Object.values(queue).map((part) => (Array.isArray(part) ? part.length : 0)));
    expect(slots()).toBe(0);
    for (let turn = 0; turn < 1_000; turn += 1) {
      queue.offer(turn);
      queue.take();
    }
    expect(slots()).toBe(1);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a limit of %s items', (items) => {
    expect(() => new BoundedQueue({ items })).toThrow(RangeError);
  });

  it.each([0, -1, Number.NaN])('refuses a limit of %s bytes', (bytes) => {
    expect(() => new BoundedQueue({ items: 1, bytes })).toThrow(RangeError);
  });
});
