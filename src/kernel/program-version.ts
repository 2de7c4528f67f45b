import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From src/kernel and from dist/kernel alike. */
const MANIFEST = join(__dirname, '..', '..', 'package.json');

/** The version of this program, as its manifest says. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { readonly version?: unknown };
  return typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
