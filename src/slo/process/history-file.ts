import { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../../kernel/atomic-file';
import { messageOf } from '../../kernel/errors';
import type { Observe } from '../../kernel/facts';
import type { CountCells } from './count-cells';

const VERSION = 1;
/** Of a file that is read back; a longer one is none of ours. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

const number = z.number().nonnegative();
const stored = z.object({
  version: z.literal(VERSION),
  /** What the columns mean. */
  columns: z.string(),
  /** Start, generation, observed milliseconds, 1 for an hour and 0 for a minute, then the counts. */
  cells: z.array(z.array(number).min(4)),
});

export interface HistoryFileParts {
  readonly path: string;
  readonly cells: CountCells;
  /** What the columns mean: counts of other objectives are not taken over. */
  readonly columns: string;
  readonly observe: Observe;
}

/** Keeps the counts over a restart. Without them the budget would be whole again each time. */
export class HistoryFile {
  constructor(private readonly parts: HistoryFileParts) {}

  /** Reads what was kept. A file that cannot be read is reported, and the counts begin at nothing. */
  async restore(nowMs: number): Promise<void> {
    const { path, cells, observe } = this.parts;
    try {
      const text = await readFileIfPresent(path);
      if (text === undefined) return;
      for (const cell of this.cellsOf(text)) cells.restore(cell);
      cells.age(nowMs);
    } catch (error) {
      observe({ kind: 'slo_history_refused', message: messageOf(error) });
    }
  }

  /** Never rejects. */
  async save(): Promise<void> {
    const { path, cells, columns, observe } = this.parts;
    const rows = [...cells.cells()].map(({ startMs, generation, observedMs, coarse, counts }) => [
      startMs,
      generation,
      observedMs,
      coarse ? 1 : 0,
      ...counts,
    ]);
    try {
      await writeFileAtomically(path, `${JSON.stringify({ version: VERSION, columns, cells: rows })}\n`);
    } catch (error) {
      observe({ kind: 'slo_history_unsaved', message: messageOf(error) });
    }
  }

  private cellsOf(text: string) {
    if (text.length > MAX_CHARACTERS) throw new Error('the file is longer than it can be');
    const { columns, cells } = stored.parse(JSON.parse(text));
    if (columns !== this.parts.columns) throw new Error('the objectives have changed since it was written');
    return cells.map(([startMs, generation, observedMs, coarse, ...counts]) => ({
      startMs: startMs as number,
      generation: generation as number,
      observedMs: observedMs as number,
      coarse: coarse === 1,
      counts,
    }));
  }
}
