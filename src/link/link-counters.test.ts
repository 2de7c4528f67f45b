import fc from 'fast-check';
import { seededRandom, type Random } from '../kernel/random';
import { needsEscape } from '../protocol/inner-frame';
import { LinkCounters } from './link-counters';

/** Starts the sequences at `sequence` and the message ids at `messageId`. */
function startingAt(sequence: number, messageId: number): Random {
  const chances = [(sequence - 1) / 0xfffffe, messageId / 0x10000].map((chance) => chance + 1e-12);
  return { next: () => chances.shift() ?? 0 };
}

function bytesOf(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

describe('message ids', () => {
  it('run through 1 to 65535 without 0, and say when they begin again', () => {
    let wraps = 0;
    const counters = new LinkCounters(seededRandom(5), () => (wraps += 1));
    const round = Array.from({ length: 65_535 }, () => counters.nextMessageId());
    expect(new Set(round).size).toBe(65_535);
    expect([Math.min(...round.slice(0, 9)) > 0, round.includes(0), wraps]).toEqual([true, false, 1]);
    expect(counters.nextMessageId()).toBe(round[0]);
  });

  it('step by one, and from 65535 to 1', () => {
    const counters = new LinkCounters(startingAt(1, 0xfffd), () => {});
    const ids = Array.from({ length: 4 }, () => counters.nextMessageId());
    expect(ids).toEqual([0xfffe, 0xffff, 1, 2]);
  });

  it('start elsewhere on another connection', () => {
    const random = seededRandom(3);
    const first = new LinkCounters(random, () => {}).nextMessageId();
    expect(new LinkCounters(random, () => {}).nextMessageId()).not.toBe(first);
  });
});

describe('sequences', () => {
  it('never hold a byte that some firmware would escape, nor do their successors, and they fit 24 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xfffffe }), (start) => {
        const counters = new LinkCounters(startingAt(start, 1), () => {});
        const wrong = Array.from({ length: 300 }, () => counters.nextSequence()).filter(
          (value) =>
            value < 1 || value > 0xfffffe || [...bytesOf(value), ...bytesOf(value + 1)].some(needsEscape),
        );
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('grow, and leave the number above each to settings', () => {
    const counters = new LinkCounters(startingAt(0x7cfff0, 1), () => {});
    const sequences = Array.from({ length: 100 }, () => counters.nextSequence());
    const used = sequences.flatMap((value) => [value, value + 1]);
    expect(used).toEqual([...new Set(used)].sort((a, b) => a - b));
    expect(sequences.at(-1)).toBeGreaterThanOrEqual(0x7f0000);
  });

  it('begin again at 1 before they need a 25th bit', () => {
    for (const [start, last] of [
      [0xfffffa, 0xfffffe],
      [0xfffff9, 0xfffffd],
    ] as const) {
      const counters = new LinkCounters(startingAt(start, 1), () => {});
      const sequences = Array.from({ length: 4 }, () => counters.nextSequence());
      expect(sequences).toEqual([last - 2, last, 1, 3]);
    }
  });
});
