import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { RolloutEvent } from './event';
import type { Lowering } from './lowerings';
import { auditEntrySchema, documentSchema } from './stored-schema';

const FORMAT = 'pointsman-pending/1';

/** Only what lowers is ever kept, and it is decided anew before it is stored: the rest of an event may be anything. */
const eventSchema = z.looseObject({
  kind: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
}) as unknown as z.ZodType<RolloutEvent>;

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  lowerings: z.array(
    z.strictObject({ document: documentSchema, entry: auditEntrySchema, event: eventSchema.nullable() }),
  ),
});

/** Keeps over a restart what took effect while the store was away. */
export class PendingFile {
  private last: Promise<void> = Promise.resolve();
  private present = true;
  private saved: readonly Lowering[] | undefined;

  constructor(
    private readonly path: string,
    private readonly observe: Observe,
  ) {}

  /** A file that cannot be read is reported and counts as none. */
  async load(): Promise<readonly Lowering[]> {
    try {
      const text = await readFileIfPresent(this.path);
      this.present = text !== undefined;
      if (text === undefined) return [];
      return fileSchema.parse(JSON.parse(text)).lowerings.map(({ document, entry, event }) => ({
        change: { kind: 'change', document, entry, order: 'act_first', handOver: false },
        event: event ?? undefined,
      }));
    } catch (error) {
      this.report(error);
      return [];
    }
  }

  /** Never rejects. Nothing to keep removes the file. */
  save(lowerings: readonly Lowering[]): Promise<void> {
    if (lowerings === this.saved) return this.last;
    this.saved = lowerings;
    this.last = this.last.then(() => this.replace(lowerings)).catch((error: unknown) => this.report(error));
    return this.last;
  }

  private async replace(lowerings: readonly Lowering[]): Promise<void> {
    if (lowerings.length === 0) {
      if (this.present) await rm(this.path, { force: true });
      this.present = false;
      return;
    }
    const kept = lowerings.map(({ change: { document, entry }, event }) => ({
      document,
      entry,
      event: event ?? null,
    }));
    this.present = true;
    await writeFileAtomically(this.path, `${JSON.stringify({ format: FORMAT, lowerings: kept })}\n`);
  }

  private report(error: unknown): void {
    this.saved = undefined;
    this.observe({ kind: 'pending_unsaved', message: `${this.path}: ${messageOf(error)}` });
  }
}
