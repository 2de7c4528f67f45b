import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isLongRun } from '../support/long-run';

interface Figure {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

interface Results {
  readonly benchmarks: readonly {
    readonly results: readonly { readonly figures: readonly Figure[] }[];
  }[];
}

const RUN = join(__dirname, '../../bench/run.mjs');
/** Without those that need a peer or the corpus. */
const LONG = ['transport', 'fleet', 'memory', 'mirror', 'slo-tick', 'propagation'];
const NAMES = ['facts', 'toggle', ...(isLongRun ? LONG : [])];

describe('a benchmark, in its quick form', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-benchmarks-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(NAMES)(
    'of %s still fits the product, and gives a figure for each thing that it measures',
    async (name) => {
      const out = join(folder, `${name}.json`);
      await promisify(execFile)(process.execPath, [RUN, name, '--quick', '--out', out]);
      const { benchmarks } = JSON.parse(readFileSync(out, 'utf8')) as Results;
      const figures = benchmarks.flatMap(({ results }) => results.flatMap((result) => result.figures));
      expect(figures).not.toEqual([]);
      expect(figures.filter((figure) => !isOrdered(figure))).toEqual([]);
    },
  );
});

function isOrdered({ median, min, max }: Figure): boolean {
  return Number.isFinite(median) && min >= 0 && min <= median && median <= max;
}
