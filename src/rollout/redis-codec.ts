import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEntry, RolloutDocument } from './document';
import type { Expected, Loaded } from './plan-store';
import { auditEntrySchema, documentSchema } from './stored-schema';

/** Says what the value is; another program's, or another version's, does not carry it. */
export const FORMAT = 'pointsman-rollout/1';

const valueSchema = z.strictObject({ format: z.literal(FORMAT), document: documentSchema });
const messageSchema = z.strictObject({
  format: z.literal(FORMAT),
  document: documentSchema,
  entry: auditEntrySchema,
});

export interface Heard {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
}

export function documentText(document: RolloutDocument): string {
  return JSON.stringify({ format: FORMAT, document });
}

export function messageText({ document, entry }: Heard): string {
  return JSON.stringify({ format: FORMAT, document, entry });
}

/** The text of an entry, without its evidence when that would make it longer than `limit` bytes. */
export function entryText(entry: AuditEntry, limit: number): string {
  const text = JSON.stringify(entry);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return text;
  return JSON.stringify({ ...entry, evidence: { omitted: `${bytes} bytes are more than ${limit}` } });
}

/** The document in a text, or why there is none. */
export function readDocument(text: string): Loaded {
  const json = parseJson(text);
  if (json === undefined)
    return { kind: 'refused', message: `it is not a ${FORMAT} document (it is no JSON)` };
  const value = valueSchema.safeParse(json);
  if (value.success) return { kind: 'found', document: value.data.document };
  const [issue] = value.error.issues;
  const where = issue?.path.join('.') ?? '';
  return {
    kind: 'refused',
    message: `it is not a ${FORMAT} document (${where || 'as a whole'}: ${issue?.message ?? ''})`,
  };
}

/** What a message tells; undefined when it is none of ours. */
export function readMessage(text: string): Heard | undefined {
  const message = messageSchema.safeParse(parseJson(text));
  return message.success ? message.data : undefined;
}

export function readEntry(text: unknown): AuditEntry | undefined {
  const entry = auditEntrySchema.safeParse(typeof text === 'string' ? parseJson(text) : undefined);
  return entry.success ? entry.data : undefined;
}

/** As the script on the server compares it. */
export function identityText(expected: Expected): string {
  if (typeof expected === 'string') return expected;
  return `${expected.plan.generation} ${expected.plan.revision} ${expected.writer}`;
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
