import fc from 'fast-check';
import { BoundedQueue } from './bounded-queue';

type Step =
  | { readonly kind: 'offer'; readonly item: number }
  | { readonly kind: 'take' }
  | { readonly kind: 'remove'; readonly parity: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('offer' as const), item: fc.nat(9) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'take' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), parity: fc.nat(1) }) },
  ),
  { maxLength: 60 },
);

/** What an array that is kept short would do. Returns what the step gives back. */
function onModel(model: number[], capacity: number, step: Step): unknown {
  if (step.kind === 'take') return model.shift();
  if (step.kind === 'offer') return model.length < capacity && model.push(step.item) > 0;
  const gone = model.filter((item) => item % 2 === step.parity);
  model.splice(0, model.length, ...model.filter((item) => item % 2 !== step.parity));
  return gone;
}

function onQueue(queue: BoundedQueue<number>, step: Step): unknown {
  if (step.kind === 'take') return queue.take();
  if (step.kind === 'offer') return queue.offer(step.item);
  return queue.removeWhere((item) => item % 2 === step.parity);
}

describe('a bounded queue', () => {
  it('does what a short array does, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (capacity, script) => {
        const queue = new BoundedQueue<number>(capacity);
        const model: number[] = [];
        for (const step of script) {
          expect(onQueue(queue, step)).toEqual(onModel(model, capacity, step));
          expect([queue.size, queue.peek()]).toEqual([model.length, model[0]]);
          for (let item = 0; item < 10; item += 1) expect(queue.includes(item)).toBe(model.includes(item));
        }
      }),
    );
  });

  it('says no when full, and yes again when one was taken', () => {
    const queue = new BoundedQueue<string>(2);
    expect([queue.offer('a'), queue.offer('b'), queue.offer('c')]).toEqual([true, true, false]);
    expect(queue.take()).toBe('a');
    expect(queue.offer('d')).toBe(true);
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['b', 'd', undefined]);
  });

  it('lets go of what was taken, so that it can be collected', () => {
    const queue = new BoundedQueue<object>(4);
    const item = {};
    queue.offer(item);
    queue.take();
    expect(queue.includes(item)).toBe(false);
    expect(Object.values(queue).flat()).not.toContain(item);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a capacity of %s', (capacity) => {
    expect(() => new BoundedQueue(capacity)).toThrow(RangeError);
  });
});
