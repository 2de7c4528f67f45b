/** A value of the query API: always text, and not always a number. */
export type SampleValue =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'unusable'; readonly why: string };

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Nothing is taken for zero, and nothing for a number that is none: `Number('')` would be 0. */
export function sampleValue(text: unknown): SampleValue {
  if (typeof text !== 'string') return { kind: 'unusable', why: `a value of type ${typeof text}` };
  if (text === 'NaN') return { kind: 'unusable', why: 'NaN' };
  if (!DECIMAL.test(text)) return { kind: 'unusable', why: `"${text.slice(0, 40)}" is no number` };
  const value = Number(text);
  if (!Number.isFinite(value)) return { kind: 'unusable', why: `${text} is beyond every number` };
  return { kind: 'number', value: value + 0 };
}
