import fc from 'fast-check';
import { decoded, DECIDED, encoded, estimate, sampleOf, SPOKEN, united } from './device-sample';

const device = fc.nat({ max: 2 ** 32 - 1 });
const known = fc.array(fc.tuple(device, fc.nat({ max: SPOKEN | DECIDED })), { maxLength: 60 });

const inARow = (count: number, bits = 0): Map<number, number> =>
  new Map(Array.from({ length: count }, (_, at) => [0xa0_00_00_00 + at, bits]));

describe('a sample of devices', () => {
  test('holds all of them while there is room', () => {
    const sample = sampleOf(inARow(100, SPOKEN), 100);
    expect([sample.level, estimate(sample), estimate(sample, SPOKEN), estimate(sample, DECIDED)]).toEqual([
      0, 100, 100, 0,
    ]);
  });

  test('of a fleet that is too large holds no more than it may, and counts it to a few percent', () => {
    const devices = inARow(100_000);
    for (const id of [...devices.keys()].slice(0, 95_000)) devices.set(id, SPOKEN);
    const sample = sampleOf(devices, 6_000);
    expect(sample.flags.size).toBeLessThanOrEqual(6_000);
    // Four standard errors of a sample of one in 32.
    expect(Math.abs(estimate(sample) - 100_000)).toBeLessThan(4 * Math.sqrt(100_000 * 31));
    const share = estimate(sample, SPOKEN) / estimate(sample);
    expect(Math.abs(share - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / sample.flags.size));
  });

  test('is the same one whoever takes it, so a device that two replicas know is counted once', () => {
    const one = sampleOf(inARow(10_000), 1_000);
    const other = sampleOf(inARow(30_000, SPOKEN), 1_000);
    expect(one.level).not.toBe(other.level);
    const both = united([one, other]);
    expect(both).toEqual(other);
  });

  test('united with others counts each device once, and knows what any of them knows', () => {
    fc.assert(
      fc.property(fc.array(known, { maxLength: 5 }), (replicas) => {
        const expected = new Map<number, number>();
        for (const [id, bits] of replicas.flat()) expected.set(id, (expected.get(id) ?? 0) | bits);
        const samples = replicas.map((devices) => {
          const flags = new Map<number, number>();
          for (const [id, bits] of devices) flags.set(id, (flags.get(id) ?? 0) | bits);
          return sampleOf(flags, 1_000);
        });
        expect(united(samples).flags).toEqual(expected);
      }),
    );
  });

  test('is the same after it was written and read', () => {
    fc.assert(
      fc.property(known, (devices) => {
        const sample = sampleOf(new Map(devices), 20);
        expect(decoded(sample.level, encoded(sample))).toEqual(sample);
      }),
    );
  });

  test.each(['AAAA', '%%%%', 'AAAAA', '{"a":1}'])('is none when it reads %s', (text) => {
    expect(decoded(0, text)).toBeUndefined();
  });
});
