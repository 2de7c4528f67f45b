import { sampleValue, type SampleValue } from './sample-value';

/** Which label tells the parts of one answer apart. */
export const KEY_LABEL = 'part';

/** The parts of an answer by their key. A key that is absent has no series: no data, which is not zero. */
export type VectorAnswer =
  | { readonly kind: 'vector'; readonly parts: ReadonlyMap<string, SampleValue> }
  | { readonly kind: 'failed'; readonly why: string };

/** Who answers instant queries. Never rejects. */
export interface VectorSource {
  query(text: string, keys: ReadonlySet<string>): Promise<VectorAnswer>;
}

const failed = (why: string): VectorAnswer => ({ kind: 'failed', why });

const TEXT_SHOWN = 200;

/**
 * Reads the body of an instant query whose answer has at most one series for each of `keys`. More than that, or
 * another one, is an error: which of them would be the truth?
 */
export function vectorOf(body: string, keys: ReadonlySet<string>): VectorAnswer {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return failed(`the answer is no JSON: ${shown(body)}`);
  }
  if (!isRecord(content)) return failed(`the answer is no object: ${shown(body)}`);
  if (content.status !== 'success')
    return failed(`Prometheus says ${shown(`${String(content.errorType)}: ${String(content.error)}`)}`);
  const { data } = content;
  if (!isRecord(data) || data.resultType !== 'vector' || !Array.isArray(data.result))
    return failed(
      `the answer is a ${isRecord(data) ? shown(String(data.resultType)) : 'nothing'}, not a vector`,
    );
  return partsOf(data.result, keys);
}

function partsOf(rows: readonly unknown[], keys: ReadonlySet<string>): VectorAnswer {
  const parts = new Map<string, SampleValue>();
  for (const row of rows) {
    if (!isRecord(row) || !isRecord(row.metric) || !Array.isArray(row.value) || row.value.length !== 2)
      return failed('a series of the answer has no labels or no value');
    const key = row.metric[KEY_LABEL];
    if (typeof key !== 'string' || !keys.has(key))
      return failed(`a series that nobody asked for: ${shown(String(key))}`);
    if (parts.has(key)) return failed(`more than one series for ${key}`);
    parts.set(key, sampleValue(row.value[1]));
  }
  return { kind: 'vector', parts };
}

/** An expression as one part of a larger answer. */
export function part(expression: string, key: string): string {
  return `label_replace(${expression}, "${KEY_LABEL}", "${key}", "", "")`;
}

export function together(parts: readonly string[]): string {
  return parts.join('\nor ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(text: string): string {
  return text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text;
}
