import { documentWith, inStage } from '../../test/support/plans';
import { auditEntrySchema, documentSchema } from './stored-schema';

const { plan, automation } = documentWith({ percentage: 25, revision: 8, pins: { '37962469': 'new' } });
const now = inStage('canary-25', documentWith({ percentage: 25 }));

describe('a stored document', () => {
  test('is read as it was written', () => {
    expect(documentSchema.parse(JSON.parse(JSON.stringify(now)))).toEqual(now);
  });

  test('of the first version is read too, and stands where its percentage puts it', () => {
    expect(documentSchema.parse({ plan, automation })).toEqual({
      plan,
      automation,
      freeze: null,
      position: {
        stage: '',
        enteredAt: plan.setAt,
        clockReset: null,
        approvals: [],
        days: [],
        told: [],
        guardRates: null,
        lastDrill: null,
      },
      writer: 'ana',
    });
  });

  test('may lack what came later', () => {
    const { told: _told, lastDrill: _lastDrill, ...position } = now.position;
    expect(documentSchema.parse({ ...now, position })).toEqual(now);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['a text', 'plan'],
    ['an unknown key', { ...now, extra: 1 }],
    ['an unknown key of the first version', { plan, automation, extra: 1 }],
    ['a percentage of four decimals', { ...now, plan: { ...plan, percentage: 0.0001 } }],
    ['a percentage above 100', { ...now, plan: { ...plan, percentage: 101 } }],
    ['a pin of something that is no device', { ...now, plan: { ...plan, pins: { all: 'new' } } }],
    ['a moment that is none', { ...now, position: { ...now.position, enteredAt: 'soon' } }],
    [
      'a clock that nobody can read',
      { ...now, position: { ...now.position, clockReset: { at: '', why: 'x' } } },
    ],
    [
      'more days than are kept',
      {
        ...now,
        position: {
          ...now.position,
          days: Array.from({ length: 3_001 }, () => ({ day: '2026-01-01', objective: 'a', result: 'met' })),
        },
      },
    ],
    ['an automation that does not exist', { ...now, automation: { kind: 'asleep' } }],
    ['a latch without a reason', { ...now, automation: { kind: 'latched', since: '', by: '' } }],
  ])('is refused with %s', (_name, value) => {
    expect(documentSchema.safeParse(value).success).toBe(false);
  });
});

describe('a stored audit entry', () => {
  test('of the first version is read with what it did not say left empty', () => {
    const state = { percentage: 10, revision: 2, generation: 1, automation: 'manual' };
    const entry = {
      at: '2026-01-01T00:00:00.000Z',
      by: 'ana',
      action: 'rollback',
      reason: 'why',
      before: state,
      after: state,
      evidence: {},
    };
    const full = { ...state, holdback: 0, mirror: 0, pins: 0, stage: '' };
    expect(auditEntrySchema.parse(entry)).toEqual({ ...entry, before: full, after: full });
  });
});
