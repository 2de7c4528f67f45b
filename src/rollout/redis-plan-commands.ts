import type { ChainableCommander } from 'ioredis';
import type { Clock } from '../kernel/clock';
import { AppError } from '../kernel/errors';
import type { RedisConnection } from '../store/redis-connection';
import type { AuditEntry, RolloutDocument } from './document';
import type { Loaded, WriteOptions, Written } from './plan-store';
import {
  FORMAT,
  documentText,
  entryText,
  identityText,
  messageText,
  readDocument,
  readEntry,
  sha1,
} from './redis-codec';
import { READ, WRITE } from './redis-plan-scripts';

export interface RedisPlanCommandsSettings {
  /** All keys begin with it; its part in braces keeps them together on one server. */
  readonly prefix: string;
  readonly historyLimit: number;
  readonly documentLimitBytes: number;
  readonly entryLimitBytes: number;
  /** Replicas of the server that must have a write before it counts; 0 waits for none. */
  readonly waitReplicas: number;
  readonly waitMs: number;
}

export interface Writing {
  /** Of the document. */
  readonly text: string;
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
  readonly options: WriteOptions;
}

/** What is asked of Redis, and what it answers. Each call is one command, or one pipeline. */
export class RedisPlanCommands {
  /** What the server is known to hold: it does not send it again. */
  private last: { readonly sha: string; readonly loaded: Loaded } | undefined;
  /** What the server's clock is ahead of ours. */
  private ahead: number | undefined;

  constructor(
    private readonly connection: RedisConnection,
    private readonly settings: RedisPlanCommandsSettings,
    private readonly clock: Clock,
  ) {}

  /** Why what stands there is not believed; undefined while it is. */
  get refused(): string | undefined {
    return this.last?.loaded.kind === 'refused' ? this.last.loaded.message : undefined;
  }

  async read(): Promise<Loaded> {
    const answer = await this.connection.run('read the rollout', (redis) =>
      redis.eval(READ, 1, this.key('document'), this.settings.documentLimitBytes, this.last?.sha ?? ''),
    );
    const [kind, text, serverMs] = texts(answer) as [string, string, string];
    this.ahead = Number(serverMs) - this.clock.now();
    return this.understood(kind, text);
  }

  /** Throws where it is longer than what would be read again. */
  textOf(document: RolloutDocument): string {
    const text = documentText(document);
    const [bytes, limit] = [Buffer.byteLength(text), this.settings.documentLimitBytes];
    if (bytes <= limit) return text;
    const sentence = `the rollout has ${bytes} bytes, more than ${limit} (store.documentLimitBytes)`;
    throw new AppError('store.refused', sentence, { cause: 'server', maybeDone: false });
  }

  async write(writing: Writing): Promise<Written> {
    const [kind, found, content] = await this.compareAndWrite(writing);
    if (kind === 'written') return { kind: 'written' };
    if (kind === 'late') {
      const sentence = 'Redis came to the change only after its time, and left it';
      throw new AppError('store.unavailable', sentence, { cause: 'timeout', maybeDone: false });
    }
    return { kind: 'conflict', seen: this.understood(found ?? '', content ?? '') };
  }

  async append(entry: AuditEntry): Promise<void> {
    const { historyLimit, entryLimitBytes } = this.settings;
    const text = entryText(entry, entryLimitBytes);
    await this.connection.run('append to the audit trail', (redis) =>
      redis.xadd(this.key('audit'), 'MAXLEN', historyLimit, '*', 'entry', text),
    );
  }

  /** Newest first. What somebody else put there is left out. */
  async entries(limit: number): Promise<readonly AuditEntry[]> {
    const rows = await this.connection.run('read the audit trail', (redis) =>
      redis.xrevrange(this.key('audit'), '+', '-', 'COUNT', limit),
    );
    return rows.map(([, fields]) => readEntry(fields[1])).filter((entry) => entry !== undefined);
  }

  async claim(name: string, owner: string, ttlMs: number): Promise<boolean> {
    const answer = await this.connection.run('claim', (redis) =>
      redis.set(this.key(`claim:${name}`), owner, 'PX', ttlMs, 'NX'),
    );
    return answer === 'OK';
  }

  key(name: string): string {
    return `${this.settings.prefix}:${name}`;
  }

  private async compareAndWrite({ text, document, entry, options }: Writing): Promise<string[]> {
    const { documentLimitBytes, entryLimitBytes, historyLimit, waitReplicas, waitMs } = this.settings;
    const args = [
      documentLimitBytes,
      identityText(options.expected),
      text,
      entryText(entry, entryLimitBytes),
      historyLimit,
      this.key('changes'),
      messageText({ document, entry }),
      options.fencingToken ?? '',
      FORMAT,
      options.inTime ? this.lastMoment() : '',
    ];
    const keys = [this.key('document'), this.key('audit'), this.key('fence')];
    return this.connection.run('store the change', async (redis) => {
      if (waitReplicas === 0) return texts(await redis.eval(WRITE, keys.length, ...keys, ...args));
      // One after the other on one connection, or the WAIT would ask about the writes of another one.
      const both = redis.pipeline().eval(WRITE, keys.length, ...keys, ...args);
      return confirmed(both.wait(waitReplicas, waitMs), waitReplicas);
    });
  }

  private understood(kind: string, text: string): Loaded {
    switch (kind) {
      case 'known':
        return this.last?.loaded ?? { kind: 'empty' };
      case 'empty':
        this.last = undefined;
        return { kind: 'empty' };
      case 'found':
        this.last = { sha: sha1(text), loaded: readDocument(text) };
        return this.last.loaded;
      default:
        this.last = { sha: '', loaded: { kind: 'refused', message: text } };
        return this.last.loaded;
    }
  }

  /** Until when an answer would be waited for, on the server's clock. */
  private lastMoment(): string {
    if (this.ahead === undefined) return '';
    return String(Math.ceil(this.clock.now() + this.ahead + this.connection.patienceMs));
  }
}

async function confirmed(pipeline: ChainableCommander, wanted: number): Promise<string[]> {
  const [written, waited] = (await pipeline.exec()) ?? [];
  if (written?.[0]) throw written[0];
  const answer = texts(written?.[1]);
  if (answer[0] !== 'written') return answer;
  if (waited?.[0]) throw waited[0];
  const have = Number(waited?.[1]);
  if (have >= wanted) return answer;
  const sentence = `the change was stored, but ${have} of ${wanted} replicas have it: a failover could lose it`;
  throw new AppError('store.unavailable', sentence, { cause: 'unconfirmed', maybeDone: true });
}

function texts(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}
