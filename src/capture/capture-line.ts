import { z } from 'zod';
import { fromHex } from '../protocol/hex';

/** Which way a read travelled. The controller stands where the vendor cloud stood. */
const READ_DIRECTIONS = ['dev_to_cloud', 'cloud_to_dev'] as const;

/** One read of a captured connection: not a packet, but what came out of the socket at once. */
export interface CaptureRead {
  /** When it was captured, as the file says; empty where it does not. */
  readonly ts: string;
  /** Undefined in files of bare hex lines. */
  readonly dir: (typeof READ_DIRECTIONS)[number] | undefined;
  /** The connection; empty where the capture does not tell connections apart. */
  readonly conn: string;
  readonly bytes: Uint8Array;
}

/** What one line of a capture file turned out to be. */
export type CaptureLine =
  | { readonly kind: 'read'; readonly read: CaptureRead }
  | { readonly kind: 'blank' }
  | { readonly kind: 'bad'; readonly reason: string };

const LONGEST_LABEL = 200;

/** Printed to terminals, so nothing in it may move a cursor or change a colour. */
const label = z
  .string()
  .max(LONGEST_LABEL)
  .regex(/^[ -~]*$/, 'must be printable ASCII');

/** The fields of a JSON line that decoding needs; others are left alone. */
export const captureRecord = z.object({
  ts: label.default(''),
  dir: z.enum(READ_DIRECTIONS).optional(),
  conn: label.default(''),
  hex: z.string(),
});

/** Reads a line of a capture: a JSON object, or the bytes of one read in hex. */
export function parseCaptureLine(text: string): CaptureLine {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'blank' };
  return trimmed.startsWith('{') ? parseRecord(trimmed) : readOf({ ts: '', conn: '', hex: trimmed });
}

function parseRecord(text: string): CaptureLine {
  const json = parseJson(text);
  if (json === undefined) return bad('it is not valid JSON');
  const parsed = captureRecord.safeParse(json);
  return parsed.success ? readOf(parsed.data) : bad(faultsOf(parsed.error));
}

function readOf(record: z.infer<typeof captureRecord>): CaptureLine {
  const bytes = fromHex(record.hex);
  if (!bytes) return bad('its bytes are not an even number of hex digits');
  return { kind: 'read', read: { ts: record.ts, dir: record.dir, conn: record.conn, bytes } };
}

function bad(reason: string): CaptureLine {
  return { kind: 'bad', reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `"${issue.path.join('.')}": ${issue.message}`).join('; ');
}
