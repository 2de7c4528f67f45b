import { contextWith, documentWith, inStage, latchedDocument, STAMP } from '../../test/support/plans';
import { set, pin, messageOf, brief } from '../../test/support/rollout-events';
import { decide } from './decide';
import type { RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import type { Ladder } from './ladder';

const manual = inStage('canary-10', documentWith({ percentage: 10, revision: 4, generation: 2 }));
const latched = latchedDocument({ percentage: 0, revision: 9, generation: 3 });
const frozen: RolloutDocument = { ...manual, freeze: STAMP };

describe('a raise', () => {
  test.each([
    [7.002, 32.002],
    [0.1, 25.1],
    [15.003, 40.003],
  ])('is measured from %d %% to %d %% in whole thousandths, without binary dirt', (from, to) => {
    expect(decide(documentWith({ percentage: from }), set(to), contextWith()).kind).toBe('change');
  });

  test('is measured in devices, so a holdback makes the same step smaller', () => {
    const kept = documentWith({ percentage: 10, holdback: 50 });
    expect(brief(kept, set(60))).toBe('60 % manual +0 stores canary-50');
    expect(brief(kept, set(60.001))).toBe('rollout.confirmation_required');
  });

  test('by pins counts as the share of the fleet that it moves', () => {
    const pins = (count: number): RolloutEvent =>
      pin(
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [at.toString(16).padStart(8, '0'), 'new' as const]),
        ),
      );
    const fleet = contextWith({ devices: 100 });
    expect(brief(manual, pins(25), fleet)).toBe('10 % manual +0 stores canary-10');
    expect(brief(manual, pins(26), fleet)).toBe('rollout.confirmation_required');
    expect(brief(manual, pins(10))).toBe('10 % manual +0 stores canary-10');
    expect(brief(manual, pins(11))).toBe('rollout.confirmation_required');
  });

  test('by a pin to legacy taken away is one too', () => {
    const held = inStage('canary-10', documentWith({ percentage: 10, pins: { '37962469': 'legacy' } }));
    expect(brief(held, pin({ '37962469': null }))).toBe('10 % manual +0 stores canary-10');
    expect(brief({ ...held, freeze: STAMP }, pin({ '37962469': null }, true))).toBe('rollout.frozen');
    const free = inStage('canary-10', documentWith({ percentage: 10, pins: { '37962469': 'new' } }));
    expect(brief({ ...free, freeze: STAMP }, pin({ '37962469': null }))).toBe(
      '10 % manual +0 acts canary-10',
    );
  });

  test('waits for the calendar unless somebody confirms it', () => {
    const ladder: Ladder = {
      ...contextWith().ladder,
      freezes: [{ fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 5), reason: 'new year' }],
    };
    const context = contextWith({ ladder });
    expect(messageOf(decide(manual, set(11), context))).toBe(
      'frozen by the ladder\'s calendar from 2026-01-01T00:00:00.000Z until 2026-01-05T00:00:00.000Z ("new year"); wait, or confirm it ("confirm": true, command line: --yes)',
    );
    expect(brief(manual, set(11, true), context)).toBe('11 % manual +0 stores canary-10');
    expect(brief(manual, set(9), context)).toBe('9 % manual +0 acts dark-launch');
    const later: RolloutEvent = { ...set(11), at: '2026-01-05T00:00:00.000Z' };
    expect(brief(manual, later, context)).toBe('11 % manual +0 stores canary-10');
  });

  test('is refused by a latch and a freeze with who, why, since when and the command that lifts it', () => {
    expect(messageOf(decide(latched, set(1), contextWith()))).toBe(
      'latched since 2026-01-01T00:00:00.000Z by guard ("replies are missing"); nothing is raised until somebody releases it: pointsman release --reason "…"',
    );
    expect(messageOf(decide(frozen, set(11), contextWith()))).toBe(
      'frozen since 2026-01-01T00:00:00.000Z by guard ("replies are missing"); nothing is raised until somebody unfreezes it: pointsman unfreeze --reason "…"',
    );
  });

  test('that is too large says how many devices it may move', () => {
    expect(messageOf(decide(manual, set(36), contextWith()))).toBe(
      '10 % → 36 % may move 26 % of the devices to the new transport, more than the 25 % of one step; confirm it ("confirm": true, command line: --yes)',
    );
  });
});
