import { ServerRefusal } from '../client';
import type { CliIo } from '../io';

/**
 * Writes an answer as the caller wants it: for people, or as the server gave it. A program that reads JSON gets the
 * refusal as JSON too.
 */
export async function print<T>(
  io: CliIo,
  { output }: { readonly output: 'text' | 'json' },
  asked: Promise<T>,
  render: (value: T) => string,
): Promise<void> {
  try {
    const value = await asked;
    io.out(output === 'json' ? json(value) : render(value));
  } catch (error) {
    if (output === 'json' && error instanceof ServerRefusal) io.out(json(error.problem));
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
