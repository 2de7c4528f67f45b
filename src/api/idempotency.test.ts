import { ManualClock } from '../kernel/manual-clock';
import { Idempotency } from './idempotency';

/** Answers that come when the test says so. */
class Asked {
  calls = 0;
  readonly answers: ((text: string) => void)[] = [];
  readonly refusals: ((error: Error) => void)[] = [];

  readonly ask = (): Promise<string> => {
    this.calls += 1;
    return new Promise((answer, refuse) => {
      this.answers.push(answer);
      this.refusals.push(refuse);
    });
  };
}

function bench(limit = 100) {
  const clock = new ManualClock();
  clock.advance(1);
  return {
    clock,
    asked: new Asked(),
    idempotency: new Idempotency<string>({ ttlMs: 600_000, limit }, clock),
  };
}

describe('Idempotency', () => {
  test('answers a repeated request with the answer of the first', async () => {
    const { asked, idempotency } = bench();
    const first = idempotency.once('k', 'on', asked.ask);
    asked.answers[0]?.('done');
    expect([await first, await idempotency.once('k', 'on', asked.ask), asked.calls]).toEqual([
      'done',
      'done',
      1,
    ]);
  });

  test('joins a request that is still under way', async () => {
    const { asked, idempotency } = bench();
    const both = [idempotency.once('k', 'on', asked.ask), idempotency.once('k', 'on', asked.ask)];
    expect(asked.calls).toBe(1);
    asked.answers[0]?.('done');
    expect(await Promise.all(both)).toEqual(['done', 'done']);
  });

  test('asks again after an answer that is not final, and keeps a final one', async () => {
    const clock = new ManualClock();
    clock.advance(1);
    const asked = new Asked();
    const idempotency = new Idempotency<string>(
      { ttlMs: 600_000, limit: 9 },
      clock,
      (answer) => answer !== 'busy',
    );
    const first = idempotency.once('k', 'on', asked.ask);
    asked.answers[0]?.('busy');
    expect(await first).toBe('busy');
    const second = idempotency.once('k', 'on', asked.ask);
    asked.answers[1]?.('done');
    expect([await second, await idempotency.once('k', 'on', asked.ask), asked.calls]).toEqual([
      'done',
      'done',
      2,
    ]);
  });

  test('asks for each key by itself', () => {
    const { asked, idempotency } = bench();
    void idempotency.once('k', 'on', asked.ask);
    void idempotency.once('l', 'on', asked.ask);
    expect(asked.calls).toBe(2);
  });

  test('refuses another request under a known key and asks for nothing', () => {
    const { asked, idempotency } = bench();
    void idempotency.once('k', 'on', asked.ask);
    expect(() => idempotency.once('k', 'off', asked.ask)).toThrow(
      'this Idempotency-Key was used for another command',
    );
    expect(asked.calls).toBe(1);
  });

  test('forgets a key after its time, and not before', async () => {
    const { clock, asked, idempotency } = bench();
    void idempotency.once('k', 'on', asked.ask);
    await clock.advanceAsync(600_000);
    void idempotency.once('k', 'on', asked.ask);
    expect(asked.calls).toBe(1);
    await clock.advanceAsync(1);
    void idempotency.once('k', 'off', asked.ask);
    expect(asked.calls).toBe(2);
  });

  test('remembers no more keys than its limit, the oldest go first', () => {
    const { asked, idempotency } = bench(2);
    for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) void idempotency.once(key, 'on', asked.ask);
    expect(asked.calls).toBe(4);
  });

  test('does not keep a refusal: the caller may try again with the same key', async () => {
    const { asked, idempotency } = bench();
    const refused = idempotency.once('k', 'on', asked.ask);
    asked.refusals[0]?.(new Error('shutting down'));
    await expect(refused).rejects.toThrow('shutting down');
    const again = idempotency.once('k', 'on', asked.ask);
    asked.answers[1]?.('done');
    expect([await again, asked.calls]).toEqual(['done', 2]);
  });

  test('keeps the answer under way when an older one of the same key is refused late', async () => {
    const { clock, asked, idempotency } = bench();
    const old = idempotency.once('k', 'on', asked.ask);
    await clock.advanceAsync(600_001);
    void idempotency.once('k', 'on', asked.ask);
    asked.refusals[0]?.(new Error('late'));
    await expect(old).rejects.toThrow('late');
    void idempotency.once('k', 'on', asked.ask);
    expect(asked.calls).toBe(2);
  });
});
