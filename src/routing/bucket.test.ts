import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { BUCKETS, Bucketer } from './bucket';

interface Vector {
  readonly salt: string;
  readonly device: string;
  readonly hash: number;
  readonly cohort: number;
  readonly holdback: number;
}

const ROW = /^\| `([^`]+)` *\| `([0-9a-f]{8})` *\| `([0-9a-f]{8})` *\| (\d+) *\| (\d+) *\|$/gm;

/** The table of docs/routing.md, so that page and code cannot drift apart. */
function publishedVectors(): Vector[] {
  const page = readFileSync(resolve(__dirname, '../../docs/routing.md'), 'utf8');
  return [...page.matchAll(ROW)].map(([, salt = '', device = '', hash = '', cohort, holdback]) => ({
    salt,
    device,
    hash: Number.parseInt(hash, 16),
    cohort: Number(cohort),
    holdback: Number(holdback),
  }));
}

describe('Bucketer', () => {
  const vectors = publishedVectors();

  test('is held to vectors of five salts, one of them not ASCII, for every length of the last block', () => {
    expect(new Set(vectors.map(({ salt }) => salt))).toEqual(
      new Set(['a', '7f3a', 'ramp26', '2026-01', 'säl🚂t']),
    );
    const lengths = vectors.map(({ salt }) => Buffer.byteLength(`${salt}:00000000`) % 4);
    expect(new Set(lengths)).toEqual(new Set([0, 1, 2, 3]));
    for (const id of ['00000000', 'ffffffff', '37962469', '2de4b5d2'])
      expect(vectors.filter(({ device }) => device === id)).toHaveLength(5);
  });

  test.each(vectors)('gives the published buckets of $device under the salt $salt', (vector) => {
    expect(new Bucketer(vector.salt).bucketOf(vector.device)).toBe(vector.cohort);
    expect(new Bucketer(`${vector.salt}/holdback`).bucketOf(vector.device)).toBe(vector.holdback);
    expect(Math.floor((vector.hash * BUCKETS) / 2 ** 32)).toBe(vector.cohort);
  });

  test('forgets the device before: the buffer used again leaves no trace', () => {
    const used = new Bucketer('7f3a');
    for (const { device, cohort } of vectors.filter(({ salt }) => salt === '7f3a').reverse()) {
      used.bucketOf('ffffffff');
      expect(used.bucketOf(device)).toBe(cohort);
    }
  });

  test('never leaves 0…99999, whatever the salt and the device', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 0xffffffff }), (salt, id) => {
        const bucket = new Bucketer(salt).bucketOf(id.toString(16).padStart(8, '0'));
        expect(Number.isInteger(bucket)).toBe(true);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(BUCKETS);
      }),
    );
  });
});
