import {
  percentageBody,
  promoteBody,
  releaseBody,
  rollbackBody,
} from '../../../src/api/schemas/rollout-wishes';
import { reasonBody } from '../../../src/api/schemas/shared';
import { viewWith } from '../../../test/support/rollout-views';
import { ACTIONS, type ActionName } from './actions';
import { blastRadius, objection, percentageIn, requestFor, wordToType } from './wish';

const draft = (percentage: string, reason = 'because') => ({ percentage, reason });
const latched = viewWith({ automation: { kind: 'latched' } });

describe('a wish', () => {
  it.each(['0', '100', '12.5', '0.001', ' 7 ', '100.000'])('takes %s for a percentage', (text) => {
    expect(percentageIn(text)).toBe(Number(text));
  });

  it.each(['', '-1', '101', '100.1', '1.0001', '1e1', '0x10', 'ten', 'NaN', '1,5'])(
    'does not take %j for one',
    (text) => {
      expect(percentageIn(text)).toBeUndefined();
      expect(objection('set', draft(text), viewWith())).toContain('percentage');
    },
  );

  it('wants a reason, of a length that is kept', () => {
    expect(objection('pause', draft('10', '  '), viewWith())).toContain('why');
    expect(objection('pause', draft('10', 'x'.repeat(501)), viewWith())).toContain('500');
    expect(objection('pause', draft('10', 'x'), viewWith())).toBeUndefined();
  });

  it('to raise while latched is answered with what comes first; to lower is sent', () => {
    expect(objection('set', draft('11'), latched)).toContain('Latched');
    expect(objection('set', draft('9'), latched)).toBeUndefined();
  });

  it.each(ACTIONS)('is what the API takes: %s', (action) => {
    const schemas: Partial<Record<ActionName, { parse(body: unknown): unknown }>> = {
      set: percentageBody,
      promote: promoteBody,
      rollback: rollbackBody,
      release: releaseBody,
    };
    for (const confirm of [false, true]) {
      const { body, path, method } = requestFor(action, draft('12.5', ' why '), confirm);
      expect((schemas[action] ?? reasonBody).parse(body)).toMatchObject({ reason: 'why' });
      expect(method).toBe(action === 'set' ? 'PUT' : 'POST');
      expect(path).toBe(`v1/rollout/${action === 'set' ? 'percentage' : action}`);
    }
  });

  it('confirms only what a person has confirmed', () => {
    expect(requestFor('set', draft('60'), false).body).not.toHaveProperty('confirm');
    expect(requestFor('set', draft('60'), true).body).toMatchObject({ percentage: 60, confirm: true });
  });

  it('is confirmed by the percentage that comes of it', () => {
    expect(wordToType('set', draft('60.50'), viewWith())).toBe('60.5');
    expect(wordToType('promote', draft(''), viewWith())).toBe('25');
  });

  it('shows how many devices it moves, and where to', () => {
    expect(blastRadius(viewWith(), 30)).toBe(
      'About 19 of the 100 devices known here go to the new transport.',
    );
    expect(blastRadius(viewWith(), 0)).toBe('About 10 of the 100 devices known here go back to legacy.');
    expect(blastRadius(viewWith(), 10)).toContain('what it is now');
  });
});
