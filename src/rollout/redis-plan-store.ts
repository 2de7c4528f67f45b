import type { ChainableCommander } from 'ioredis';
import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import type { StoreCause } from '../kernel/store-facts';
import type { RedisConnection } from '../store/redis-connection';
import type { RedisSubscription } from '../store/redis-subscription';
import { causeOf } from '../store/store-cause';
import type { AuditEntry, RolloutDocument } from './document';
import type { Loaded, PlanStore, StoreHealth, StoreListener, WriteOptions, Written } from './plan-store';
import { RedisAdvice } from './redis-advice';
import {
  FORMAT,
  documentText,
  entryText,
  identityText,
  messageText,
  readDocument,
  readEntry,
  readMessage,
  sha1,
} from './redis-codec';
import { READ, WRITE } from './redis-plan-scripts';

export interface RedisPlanStoreSettings {
  /** All keys begin with it; its part in braces keeps them together on one server. */
  readonly prefix: string;
  readonly historyLimit: number;
  readonly pollMs: number;
  readonly documentLimitBytes: number;
  readonly entryLimitBytes: number;
  /** Replicas of the server that must have a write before it counts; 0 waits for none. */
  readonly waitReplicas: number;
  readonly waitMs: number;
  /** How long the first read waits for a connection. */
  readonly firstReadMs: number;
}

export interface RedisPlanStoreParts {
  readonly connection: RedisConnection;
  /** The name of this process, as it claims things. */
  readonly replica: string;
  readonly settings: RedisPlanStoreSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
}

interface Read {
  readonly sha: string;
  readonly loaded: Loaded;
}

/** The rollout in Redis, for several processes: a document, a stream of audit entries, and a channel that tells of both. */
export class RedisPlanStore implements PlanStore {
  readonly shared = true;
  private asked = false;
  private closed = false;
  private up = false;
  private trouble: StoreCause | undefined;
  private readAt: number | undefined;
  private last: Read | undefined;
  /** What the server's clock is ahead of ours. */
  private ahead: number | undefined;
  private cancelPoll: Cancel = () => {};
  private subscription: RedisSubscription | undefined;

  private readonly advice: RedisAdvice;

  constructor(private readonly parts: RedisPlanStoreParts) {
    this.advice = new RedisAdvice(parts.connection, parts.observe);
  }

  get health(): StoreHealth {
    const { up, readAt, last, parts } = this;
    const refused = last?.loaded.kind === 'refused' ? last.loaded.message : undefined;
    const ageMs = readAt === undefined ? undefined : parts.clock.now() - readAt;
    return { kind: 'redis', up, ageMs, refused };
  }

  async load(): Promise<Loaded> {
    const { connection, settings } = this.parts;
    if (!this.asked) {
      this.asked = true;
      await connection.settled(settings.firstReadMs);
    }
    const [kind, text, serverMs] = await this.noting('read', () => this.read());
    this.readAt = this.parts.clock.now();
    this.ahead = Number(serverMs) - this.readAt;
    return this.understood(kind, text);
  }

  async write(document: RolloutDocument, entry: AuditEntry, options: WriteOptions): Promise<Written> {
    const { settings } = this.parts;
    const text = documentText(document);
    const bytes = Buffer.byteLength(text);
    if (bytes > settings.documentLimitBytes) {
      const sentence = `the rollout has ${bytes} bytes, more than ${settings.documentLimitBytes} (store.documentLimitBytes)`;
      throw new AppError('store.refused', sentence, { cause: 'server', maybeDone: false });
    }
    const [kind, found, content] = await this.noting('write', () =>
      this.compareAndWrite(text, { document, entry, options }),
    );
    if (kind === 'written') return { kind: 'written' };
    if (kind === 'late') {
      const sentence = 'Redis came to the change only after its time, and left it';
      throw new AppError('store.unavailable', sentence, { cause: 'timeout', maybeDone: false });
    }
    return { kind: 'conflict', seen: this.understood(found ?? '', content ?? '') };
  }

  async record(entry: AuditEntry): Promise<void> {
    const { connection, settings } = this.parts;
    const text = entryText(entry, settings.entryLimitBytes);
    await connection.run('append to the audit trail', (redis) =>
      redis.xadd(this.key('audit'), 'MAXLEN', settings.historyLimit, '*', 'entry', text),
    );
  }

  async history(limit: number): Promise<readonly AuditEntry[]> {
    const rows = await this.parts.connection.run('read the audit trail', (redis) =>
      redis.xrevrange(this.key('audit'), '+', '-', 'COUNT', limit),
    );
    // What somebody else put there is left out.
    return rows.map(([, fields]) => readEntry(fields[1])).filter((entry) => entry !== undefined);
  }

  watch(listener: StoreListener): void {
    const { connection } = this.parts;
    this.subscription = connection.subscribe(this.key('changes'), {
      listening: () => void this.poll(listener),
      heard: (text) => {
        const heard = readMessage(text);
        if (heard && !this.closed) listener.seen({ kind: 'found', document: heard.document }, heard.entry);
      },
      refused: (error) => this.advice.onDeafness(error),
    });
    this.pollLater(listener);
  }

  async claim(key: string, ttlMs: number): Promise<boolean> {
    const { connection, replica } = this.parts;
    const answer = await connection.run('claim', (redis) =>
      redis.set(this.key(`claim:${key}`), replica, 'PX', ttlMs, 'NX'),
    );
    return answer === 'OK';
  }

  close(): Promise<void> {
    this.closed = true;
    this.cancelPoll();
    this.subscription?.close();
    return Promise.resolve();
  }

  /** Jitter keeps replicas that started together from asking together for ever. */
  private pollLater(listener: StoreListener): void {
    if (this.closed) return;
    const { clock, random, settings } = this.parts;
    this.cancelPoll = clock.after(settings.pollMs * (0.75 + random.next() / 2), () => {
      void this.poll(listener).finally(() => this.pollLater(listener));
    });
  }

  private async poll(listener: StoreListener): Promise<void> {
    const { trouble } = this;
    try {
      const loaded = await this.load();
      if (!this.closed) listener.seen(loaded, undefined);
      void this.advice.onSettings();
    } catch (error) {
      // Once for each trouble that it has, not every second.
      if (this.closed || this.trouble === trouble) return;
      const cause = causeOf(error, 'server');
      this.parts.observe({ kind: 'store_failed', operation: 'read', cause, message: messageOf(error) });
    }
  }

  private async read(): Promise<[string, string, string]> {
    const { connection, settings } = this.parts;
    const answer = await connection.run('read the rollout', (redis) =>
      redis.eval(READ, 1, this.key('document'), settings.documentLimitBytes, this.last?.sha ?? ''),
    );
    return texts(answer) as [string, string, string];
  }

  private async compareAndWrite(text: string, about: Writing): Promise<string[]> {
    const { connection, settings } = this.parts;
    const { document, entry, options } = about;
    const args = [
      settings.documentLimitBytes,
      identityText(options.expected),
      text,
      entryText(entry, settings.entryLimitBytes),
      settings.historyLimit,
      this.key('changes'),
      messageText({ document, entry }),
      options.fencingToken ?? '',
      FORMAT,
      options.inTime ? this.lastMoment() : '',
    ];
    const keys = [this.key('document'), this.key('audit'), this.key('fence')];
    return connection.run('store the change', async (redis) => {
      if (settings.waitReplicas === 0) return texts(await redis.eval(WRITE, keys.length, ...keys, ...args));
      // One after the other on one connection, or the WAIT would ask about the writes of another one.
      const both = redis.pipeline().eval(WRITE, keys.length, ...keys, ...args);
      return this.confirmed(both.wait(settings.waitReplicas, settings.waitMs));
    });
  }

  private async confirmed(pipeline: ChainableCommander): Promise<string[]> {
    const [written, waited] = (await pipeline.exec()) ?? [];
    if (written?.[0]) throw written[0];
    const answer = texts(written?.[1]);
    if (answer[0] !== 'written') return answer;
    if (waited?.[0]) throw waited[0];
    const { waitReplicas } = this.parts.settings;
    const have = Number(waited?.[1]);
    if (have >= waitReplicas) return answer;
    const sentence = `the change was stored, but ${have} of ${waitReplicas} replicas have it: a failover could lose it`;
    throw new AppError('store.unavailable', sentence, { cause: 'unconfirmed', maybeDone: true });
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
    const { clock, connection } = this.parts;
    return this.ahead === undefined
      ? ''
      : String(Math.ceil(clock.now() + this.ahead + connection.patienceMs));
  }

  /** Keeps whether the store does what it is asked to. */
  private async noting<T>(_operation: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (!this.up) this.parts.observe({ kind: 'store_reached' });
      this.up = true;
      this.trouble = undefined;
      return result;
    } catch (error) {
      this.up = false;
      this.trouble = causeOf(error, 'server');
      throw error;
    }
  }

  private key(name: string): string {
    return `${this.parts.settings.prefix}:${name}`;
  }
}

interface Writing {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
  readonly options: WriteOptions;
}

function texts(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}
