import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '../support/markdown';
import { ROOT } from '../support/tool';

const PROMISE = /^(\d+)\. \*\*/;
const HELD_BY = /^ +- `([^`]+)`: (.+)$/;

interface Held {
  readonly promise: number;
  readonly file: string;
  readonly name: string;
}

/** Which test holds which promise, as the page says. */
function heldBy(): Held[] {
  const found: Held[] = [];
  let promise = 0;
  for (const line of readPage('docs/promises.md').text.split('\n')) {
    promise = Number(PROMISE.exec(line)?.[1] ?? promise);
    const [, file, name] = HELD_BY.exec(line) ?? [];
    if (file !== undefined && name !== undefined) found.push({ promise, file, name });
  }
  return found;
}

describe('the promises', () => {
  const held = heldBy();

  test('are twelve, and each is held by a test', () => {
    expect([...new Set(held.map(({ promise }) => promise))]).toEqual(
      Array.from({ length: 12 }, (_, at) => at + 1),
    );
  });

  test.each(held.map(({ file, name }) => [file, name] as const))('%s has the test "%s"', (file, name) => {
    const path = join(ROOT, file);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain(name);
  });
});
