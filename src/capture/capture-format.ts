import { toHex } from '../protocol/hex';
import { timestampOf } from './capture-time';
import type { Direction, LiveRead } from './live-read';

export const CAPTURE_FORMATS = ['jsonl', 'text'] as const;
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

/** What a line says beside the read itself. */
export interface LineContext {
  /** Names the run. */
  readonly run: string;
  /** The number of the record in the run, from 1. */
  readonly number: number;
  /** What the operator said is going on; empty for nothing. */
  readonly annotation: string;
}

/** The direction as the programme's own captures write it. */
export const ARROWS: Readonly<Record<Direction, string>> = {
  dev_to_cloud: 'DEV→CLOUD',
  cloud_to_dev: 'CLOUD→DEV',
};

const FORMATS: Readonly<Record<CaptureFormat, (read: LiveRead, context: LineContext) => string>> = {
  jsonl: jsonLine,
  text: textRecord,
};

/** One read as it stands in a capture file, line ends included. */
export function formatRead(format: CaptureFormat, read: LiveRead, context: LineContext): string {
  return FORMATS[format](read, context);
}

function jsonLine(read: LiveRead, { run, number, annotation }: LineContext): string {
  const record = {
    source: `${run}#L${number}`,
    ts: timestampOf(read.at),
    dir: read.dir,
    conn: read.conn,
    hex: toHex(read.bytes),
    read: true,
    ...(read.injected && { tag: 'INJECTED' }),
    ...(annotation !== '' && { annotation }),
  };
  return `${JSON.stringify(record)}\n`;
}

/** The programme's text format: a head, the bytes, an empty line (protocol 6.2). */
function textRecord(read: LiveRead, { annotation }: LineContext): string {
  const head = [
    timestampOf(read.at),
    ARROWS[read.dir],
    ...(read.injected ? ['[INJECTED]'] : []),
    ...(annotation === '' ? [] : [`[${annotation}]`]),
    `[conn:${read.conn}]`,
    `(${read.bytes.length} bytes)`,
  ];
  return `${head.join(' ')}\n${toHex(read.bytes).replace(/(..)(?=.)/g, '$1 ')}\n\n`;
}
