import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from './product.mjs';

const BESIDE_THE_PROJECT = fileURLToPath(new URL('../../../shared/captures', import.meta.url));

/** The captured reads that real equipment sent: not invented, not injected, not TLS. One or more packets each. */
export function genuineReads() {
  const { fromHex } = built('protocol/hex');
  const folder = process.env.POINTSMAN_CORPUS ?? BESIDE_THE_PROJECT;
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  if (names.length === 0)
    throw new Error(
      `no captures (*.jsonl) in ${folder}: put them there or name their folder in POINTSMAN_CORPUS`,
    );
  return names
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line))
    .filter((line) => line.seen_in_capture !== false && line.tag === undefined)
    .map((line) => fromHex(line.hex));
}
