import { createReadStream } from 'node:fs';
import { AppError, messageOf } from '../kernel/errors';
import { parseCaptureLine, type CaptureRead } from './capture-line';

/** The longest line taken, in characters: some hundred times the largest read ever captured. */
const MAX_LINE = 1 << 20;

/** A capture to read: where its bytes come from, and what to call it in a message. */
export interface CaptureSource {
  readonly name: string;
  open(): AsyncIterable<string | Buffer>;
}

/** The capture in a file, or in `stdin` for the name `-`. */
export function captureSource(file: string, stdin: NodeJS.ReadableStream): CaptureSource {
  return file === '-'
    ? { name: 'standard input', open: () => stdin }
    : { name: file, open: () => createReadStream(file) };
}

/** The reads of a capture, one at a time. Throws an `AppError` that names the file, and the line where one is bad. */
export async function* readsOf(source: CaptureSource): AsyncGenerator<CaptureRead> {
  let number = 0;
  for await (const text of linesOf(source)) {
    number += 1;
    const line = parseCaptureLine(text);
    if (line.kind === 'bad') throw unusable(`${source.name}, line ${number}: ${line.reason}`);
    if (line.kind === 'read') yield line.read;
  }
}

/** Not `readline`, which neither bounds a line nor passes on the errors of its stream to the loop that reads it. */
async function* linesOf(source: CaptureSource): AsyncGenerator<string> {
  let rest = '';
  for await (const text of textOf(source)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    yield* lines;
    if (rest.length > MAX_LINE) throw unusable(`${source.name}: a line has more than ${MAX_LINE} characters`);
  }
  if (rest !== '') yield rest;
}

async function* textOf(source: CaptureSource): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of source.open())
      yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new AppError('input.invalid', `cannot read ${source.name}: ${messageOf(error)}`, {}, error);
  }
}

function unusable(message: string): AppError {
  return new AppError('input.invalid', message);
}
