import fc from 'fast-check';
import { seededRandom } from '../kernel/random';
import { CALM, CLEAR_PATH, type ChaosSettings, type PathFaults } from './chaos-settings';
import { drawChances, fateOf, UNHARMED, type Chances, type CountedPacket } from './packet-fate';

const NEVER: Chances = {
  cut: 0.999,
  loss: 0.999,
  jitter: 0.5,
  reordering: 0.999,
  duplicate: 0.999,
  corruption: 0.999,
  answer: 0.999,
};

const COMMAND: CountedPacket = {
  name: 'data',
  concerns: 'new',
  answers: undefined,
  direction: 'to_device',
  count: 1,
};

function onWayIn(faults: Partial<PathFaults>, over: Partial<ChaosSettings> = {}): ChaosSettings {
  return { ...CALM, toDevice: { ...CLEAR_PATH, ...faults }, ...over };
}

describe('the fate of a packet', () => {
  it('is to pass unharmed when nothing goes wrong, whatever the chances', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const chances: fc.Arbitrary<Chances> = fc.record({
      cut: chance,
      loss: chance,
      jitter: chance,
      reordering: chance,
      duplicate: chance,
      corruption: chance,
      answer: chance,
    });
    fc.assert(fc.property(chances, (drawn) => expect(fateOf(CALM, COMMAND, drawn)).toEqual(UNHARMED)));
  });

  it.each([
    ['lost', { loss: { rate: 0.2, pattern: [] } }, { loss: 0.19 }, { kind: 'dropped' }],
    ['not lost', { loss: { rate: 0.2, pattern: [] } }, { loss: 0.2 }, { kind: 'delivered' }],
    ['cut', { cuts: { rate: 0.2 } }, { cut: 0.19 }, { kind: 'cut' }],
    ['duplicated', { duplicates: { rate: 0.2 } }, { duplicate: 0.19 }, { copies: 2 }],
    ['not duplicated', { duplicates: { rate: 0.2 } }, { duplicate: 0.2 }, { copies: 1 }],
    ['held', { reordering: { rate: 0.2, delayMs: 70 } }, { reordering: 0.19 }, { heldMs: 70 }],
    ['not held', { reordering: { rate: 0.2, delayMs: 70 } }, { reordering: 0.2 }, { heldMs: 0 }],
    ['corrupted', { corruption: { rate: 0.2, bytes: 3 } }, { corruption: 0.19 }, { corruptBytes: 3 }],
    ['not corrupted', { corruption: { rate: 0.2, bytes: 3 } }, { corruption: 0.2 }, { corruptBytes: 0 }],
    ['late by the mean', { latency: { ms: 100, jitterMs: 20 } }, { jitter: 0.5 }, { latencyMs: 100 }],
    ['late by the least', { latency: { ms: 100, jitterMs: 20 } }, { jitter: 0 }, { latencyMs: 80 }],
    ['never early', { latency: { ms: 10, jitterMs: 20 } }, { jitter: 0 }, { latencyMs: 0 }],
  ] as const)('is to be %s by its chance', (_what, faults, chances, fate) => {
    expect(fateOf(onWayIn(faults), COMMAND, { ...NEVER, ...chances })).toMatchObject(fate);
  });

  it('follows a pattern that names packets, whatever the rate', () => {
    const settings = onWayIn({ loss: { rate: 1, pattern: [2, 4] } });
    const kinds = [1, 2, 3, 4, 5].map((count) => fateOf(settings, { ...COMMAND, count }, NEVER).kind);
    expect(kinds).toEqual(['delivered', 'dropped', 'delivered', 'dropped', 'delivered']);
  });

  it('is touched only if its type is named, where types are', () => {
    const settings = onWayIn({ types: ['announce'], loss: { rate: 1, pattern: [] } });
    expect(fateOf(settings, COMMAND, NEVER)).toEqual(UNHARMED);
    expect(fateOf(settings, { ...COMMAND, name: 'announce' }, NEVER).kind).toBe('dropped');
    expect(fateOf(settings, { ...COMMAND, name: 'malformed' }, NEVER)).toEqual(UNHARMED);
  });

  it.each([
    ['none', 'delivered', 'delivered'],
    ['to_device', 'dropped', 'delivered'],
    ['from_device', 'delivered', 'dropped'],
    ['both', 'dropped', 'dropped'],
  ] as const)(
    'in a partition %s is, towards the device, to be %s, and from it %s',
    (partition, inward, outward) => {
      const settings = { ...CALM, partition };
      expect(fateOf(settings, COMMAND, NEVER).kind).toBe(inward);
      expect(fateOf(settings, { ...COMMAND, direction: 'from_device' }, NEVER).kind).toBe(outward);
    },
  );

  it("of what is not the new transport's is left alone where chaos is confined to it", () => {
    const settings: ChaosSettings = { ...CALM, only: 'new', partition: 'both' };
    expect(fateOf(settings, { ...COMMAND, concerns: 'legacy' }, NEVER)).toEqual(UNHARMED);
    expect(fateOf(settings, { ...COMMAND, name: 'heartbeat_answer', concerns: undefined }, NEVER)).toEqual(
      UNHARMED,
    );
    expect(fateOf(settings, COMMAND, NEVER).kind).toBe('dropped');
  });

  it('as an answer is to be missing or late as the device will have it, other packets not', () => {
    const answers = {
      ...CALM.answers,
      missingReceipts: { rate: 1 },
      lateReplies: { rate: 1, delayMs: 300 },
    };
    const settings = { ...CALM, answers };
    const receipt = { ...COMMAND, name: 'receipt', answers: 'receipt', direction: 'from_device' } as const;
    expect(fateOf(settings, receipt, NEVER).kind).toBe('dropped');
    expect(fateOf(settings, { ...receipt, name: 'data', answers: 'reply' }, NEVER)).toEqual({
      ...UNHARMED,
      heldMs: 300,
    });
    expect(fateOf(settings, COMMAND, NEVER)).toEqual(UNHARMED);
  });

  it('draws as many chances for every packet, so that one fault more does not move the others', () => {
    const random = seededRandom(1);
    const seven = Array.from({ length: 7 }, () => random.next());
    expect(Object.values(drawChances(seededRandom(1)))).toEqual(seven);
  });
});
