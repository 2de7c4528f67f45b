import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import { AppError, messageOf } from '../kernel/errors';
import type { AuditEntry, RolloutDocument } from './document';
import type { Loaded, PlanStore, WriteOptions, Written } from './plan-store';
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
  private content: Content | undefined;
  private lastWrite: Promise<unknown> = Promise.resolve();

  /** `historyLimit`: audit entries kept in the file; the oldest go first. */
  constructor(
    private readonly path: string,
    private readonly historyLimit: number,
  ) {}

  async load(): Promise<Loaded> {
    const text = await this.orUnavailable('read', readFileIfPresent(this.path));
    if (text === undefined) return { kind: 'empty' };
    const read = parse(text);
    if (typeof read === 'string') {
      const message = await this.orUnavailable('set aside', this.setAside(read, text));
      return { kind: 'refused', message };
    }
    this.content = read;
    return { kind: 'found', document: read.document };
  }

  write(document: RolloutDocument, entry: AuditEntry, _options: WriteOptions): Promise<Written> {
    const write = this.lastWrite.then(() => this.replace(document, entry));
    this.lastWrite = write.catch(() => {});
    return write;
  }

  history(limit: number): Promise<readonly AuditEntry[]> {
    return Promise.resolve((this.content?.history ?? []).slice(-limit).reverse());
  }

  record(_entry: AuditEntry): Promise<void> {
    return Promise.resolve();
  }

  watch(): void {}

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async replace(document: RolloutDocument, entry: AuditEntry): Promise<Written> {
    const { content } = this;
    if (content && content.document.plan.revision !== document.plan.revision - 1) {
      return { kind: 'conflict', seen: { kind: 'found', document: content.document } };
    }
    const next: Content = {
      document,
      history: [...(content?.history ?? []), entry].slice(-this.historyLimit),
    };
    await this.orUnavailable('written', writeFileAtomically(this.path, serialize(next)));
    this.content = next;
    return { kind: 'written' };
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
      return await work;
    } catch (error) {
      const message = `the rollout file ${this.path} cannot be ${what}: ${messageOf(error)}`;
      throw new AppError('store.unavailable', message, {}, error);
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
