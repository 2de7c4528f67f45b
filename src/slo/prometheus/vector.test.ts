import fc from 'fast-check';
import { KEY_LABEL, vectorOf } from './vector';

const KEYS = new Set(['bad:5m', 'all:5m']);
const row = (key: string, value: unknown = '1') => ({ metric: { [KEY_LABEL]: key }, value: [1, value] });
const body = (result: unknown, over: object = {}) =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result, ...over } });
const whyOf = (text: string): string => {
  const answer = vectorOf(text, KEYS);
  return answer.kind === 'failed' ? answer.why : `taken: ${[...answer.parts.keys()].join()}`;
};

describe('the answer to an instant query', () => {
  test('has one value for each part that there is', () => {
    const answer = vectorOf(body([row('bad:5m', '3'), row('all:5m', 'NaN')]), KEYS);
    expect(answer).toEqual({
      kind: 'vector',
      parts: new Map<string, unknown>([
        ['bad:5m', { kind: 'number', value: 3 }],
        ['all:5m', { kind: 'unusable', why: 'NaN' }],
      ]),
    });
  });

  test('may be empty, which is no part at all and no zero', () => {
    expect(vectorOf(body([]), KEYS)).toEqual({ kind: 'vector', parts: new Map() });
  });

  test.each<[string, string, string]>([
    ['HTML', '<html><body>login</body></html>', 'the answer is no JSON: <html>'],
    ['cut off', body([row('bad:5m')]).slice(0, -5), 'no JSON'],
    ['nothing', '', 'no JSON'],
    ['a list', '[]', 'no object'],
    [
      'an error with status 200',
      JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' }),
      'Prometheus says bad_data: parse error',
    ],
    ['a matrix', body([], { resultType: 'matrix' }), 'the answer is a matrix, not a vector'],
    ['a scalar', body([1, '2'], { resultType: 'scalar' }), 'the answer is a scalar'],
    ['without data', JSON.stringify({ status: 'success' }), 'not a vector'],
    ['a series twice', body([row('bad:5m'), row('bad:5m')]), 'more than one series for bad:5m'],
    ['a series that nobody asked for', body([row('bad:1h')]), 'nobody asked for: bad:1h'],
    ['a series without the label', body([{ metric: {}, value: [1, '1'] }]), 'nobody asked for'],
    ['a series without a value', body([{ metric: { [KEY_LABEL]: 'bad:5m' } }]), 'no labels or no value'],
    ['a histogram', body([{ ...row('bad:5m'), value: undefined, histogram: [1, {}] }]), 'no value'],
  ])('that is %s is refused by name', (_what, text, why) => {
    expect(whyOf(text)).toContain(why);
  });

  test('never throws, whatever comes', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((value) => body(value)),
      fc.array(fc.anything()).map((rows) => body(rows)),
    );
    fc.assert(fc.property(anything, (text) => ['vector', 'failed'].includes(vectorOf(text, KEYS).kind)));
  });
});
