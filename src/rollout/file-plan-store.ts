import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import type { Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { AuditEntry, RolloutDocument } from './document';
import type { Expected, Loaded, PlanStore, StoreHealth, WriteOptions, Written } from './plan-store';
import { isSame } from './reconcile';
import { auditEntrySchema, documentSchema } from './stored-schema';

/** Says what the file is; another program's file, or another version's, does not carry it. */
const FORMAT = 'pointsman-rollout/1';

interface Content {
  readonly document: RolloutDocument;
  /** Oldest first. */
  readonly history: readonly AuditEntry[];
}

const envelope = z.strictObject({ format: z.literal(FORMAT), checksum: z.string(), content: z.string() });
const contentSchema: z.ZodType<Content> = z.strictObject({
  document: documentSchema,
  history: z.array(auditEntrySchema),
});

/**
 * The embedded store: one file, replaced atomically, so that a kill -9 leaves the old state or the new one. A file
 * that is torn or not ours is kept aside before it is replaced. One process owns it.
 */
export class FilePlanStore implements PlanStore {
  readonly shared = false;
  private content: Content | undefined;
  private refused: string | undefined;
  private trouble: string | undefined;
  private fence = 0;
  private readonly claims = new Map<string, number>();
  private lastWrite: Promise<unknown> = Promise.resolve();

  /** `historyLimit`: audit entries kept in the file; the oldest go first. */
  constructor(
    private readonly path: string,
    private readonly historyLimit: number,
    private readonly clock: Clock,
  ) {}

  get health(): StoreHealth {
    const { trouble, refused } = this;
    return { kind: 'file', up: trouble === undefined, trouble, ageMs: 0, refused };
  }

  async load(): Promise<Loaded> {
    const text = await this.orUnavailable('read', readFileIfPresent(this.path));
    if (text === undefined) return { kind: 'empty' };
    const read = parse(text);
    if (typeof read === 'string') {
      this.refused = await this.orUnavailable('set aside', this.setAside(read, text));
      return { kind: 'refused', message: this.refused };
    }
    this.content = read;
    this.refused = undefined;
    return { kind: 'found', document: read.document };
  }

  write(document: RolloutDocument, entry: AuditEntry, options: WriteOptions): Promise<Written> {
    return this.inTurn(() => this.replace(document, entry, options));
  }

  record(entry: AuditEntry): Promise<void> {
    return this.inTurn(async () => {
      if (this.content) await this.put({ ...this.content, history: this.with(entry) });
    });
  }

  history(limit: number): Promise<readonly AuditEntry[]> {
    return Promise.resolve((this.content?.history ?? []).slice(-limit).reverse());
  }

  watch(): void {
    // Nobody else writes to it.
  }

  /** Whoever asks is the only process; and what it did before a restart is not done again for that. */
  claim(key: string, ttlMs: number): Promise<boolean> {
    const now = this.clock.now();
    for (const [claimed, until] of this.claims) if (until <= now) this.claims.delete(claimed);
    if (this.claims.has(key)) return Promise.resolve(false);
    this.claims.set(key, now + ttlMs);
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return this.lastWrite.then(() => {});
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.lastWrite.then(work);
    this.lastWrite = done.catch(() => {});
    return done;
  }

  private async replace(
    document: RolloutDocument,
    entry: AuditEntry,
    { expected, fencingToken = Infinity }: WriteOptions,
  ): Promise<Written> {
    if (isDeepStrictEqual(this.content?.document, document)) return { kind: 'written' };
    if (!this.fits(expected) || fencingToken < this.fence) return { kind: 'conflict', seen: this.standing() };
    await this.put({ document, history: this.with(entry) });
    if (fencingToken !== Infinity) this.fence = fencingToken;
    return { kind: 'written' };
  }

  private fits(expected: Expected): boolean {
    if (expected === 'anything') return true;
    const { content, refused } = this;
    if (expected === 'empty') return content === undefined && refused === undefined;
    return content !== undefined && isSame(content.document, expected);
  }

  private standing(): Loaded {
    if (this.content) return { kind: 'found', document: this.content.document };
    return this.refused === undefined ? { kind: 'empty' } : { kind: 'refused', message: this.refused };
  }

  private with(entry: AuditEntry): readonly AuditEntry[] {
    return [...(this.content?.history ?? []), entry].slice(-this.historyLimit);
  }

  private async put(content: Content): Promise<void> {
    await this.orUnavailable('written', writeFileAtomically(this.path, serialize(content)));
    this.content = content;
    this.refused = undefined;
  }

  /**
   * A copy, so that a process that is killed before the first write finds the same fault again, not an empty store.
   * Its name comes from what it holds: a second fault does not cost the evidence of the first.
   */
  private async setAside(fault: string, text: string): Promise<string> {
    const aside = `${this.path}.refused-${checksumOf(text).slice(0, 8)}`;
    await copyFile(this.path, aside);
    return `${this.path} is refused: ${fault}. It is kept as ${aside}`;
  }

  private async orUnavailable<T>(what: string, work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.trouble = undefined;
      return result;
    } catch (error) {
      const message = `the rollout file ${this.path} cannot be ${what}: ${messageOf(error)}`;
      this.trouble = message;
      throw new AppError('store.unavailable', message, { cause: 'file', maybeDone: false }, error);
    }
  }
}

function serialize(content: Content): string {
  const text = JSON.stringify(content);
  return `${JSON.stringify({ format: FORMAT, checksum: checksumOf(text), content: text })}\n`;
}

/** The content, or what is wrong with it. */
function parse(text: string): Content | string {
  const outer = envelope.safeParse(parseJson(text));
  if (!outer.success)
    return `it is not a whole ${FORMAT} file (torn, or written by another program or version)`;
  if (checksumOf(outer.data.content) !== outer.data.checksum) return 'its checksum does not fit its content';
  const content = contentSchema.safeParse(parseJson(outer.data.content));
  return content.success ? content.data : `its content is not a rollout: ${z.prettifyError(content.error)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
