import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sha256, type AccessRules } from '../../src/api/access';
import type { AuditEntry, RolloutDocument } from '../../src/rollout/document';
import { Rollout, type Wished } from '../../src/rollout/rollout';
import { Router } from '../../src/routing/router';
import { JUDGE } from '../../src/kernel/tokens';
import type { Judge } from '../../src/slo/verdict';
import { RedisConnection } from '../../src/store/redis-connection';
import { startApplication, until, type TestApplication } from './application';
import { ask, type Ask } from './http';
import { LeapingClock } from './leaping-clock';
import { deviceIds, onNew } from './plans';
import type { RedisServer } from './redis-server';
import { ScriptedJudge } from './scripted-judge';
import type { Mark } from './story';

const PEOPLE = ['ana', 'ben'] as const;
export type Person = (typeof PEOPLE)[number];

const tokenOf = (name: Person): string => name.repeat(6);
const RULES: AccessRules = {
  tokens: PEOPLE.map((name) => ({ name, role: 'operator', sha256: sha256(tokenOf(name)) })),
  anonymous: undefined,
  loopbackHostsOnly: false,
};
const FLEET = deviceIds(300);
const DAY_MS = 24 * 60 * 60_000;
const POLL_MS = 2_000;
const LOOK_MS = 60_000;

export interface RampSettings {
  readonly redis: RedisServer;
  /** YAML of the ladder. */
  readonly ladder: string;
  /** When it begins, in milliseconds since the epoch. */
  readonly beginMs: number;
}

/** A ramp through the whole application on a clock that leaps, over a real Redis. Watches each step of it. */
export class Ramp {
  readonly clock: LeapingClock;
  readonly judge: ScriptedJudge;
  readonly marks: Mark[] = [];
  /** What was seen that must not be. */
  readonly breaches: string[] = [];
  private application: TestApplication | undefined;
  private readonly signed = new Map<string, number>();
  private onLook: () => void = () => {};
  private seen: { readonly document: RolloutDocument; readonly onNew: readonly string[] } | undefined;

  private constructor(
    private readonly settings: RampSettings,
    private readonly folder: string,
  ) {
    this.clock = new LeapingClock(settings.beginMs);
    this.judge = new ScriptedJudge(this.clock);
  }

  static async begin(settings: RampSettings): Promise<Ramp> {
    const ramp = new Ramp(settings, await mkdtemp(join(tmpdir(), 'pointsman-ramp-')));
    await writeFile(join(ramp.folder, 'ladder.yaml'), settings.ladder);
    await ramp.build();
    return ramp;
  }

  get document(): RolloutDocument {
    return this.rollout.document;
  }

  get stage(): string {
    return this.document.position.stage;
  }

  /** The regular look of the control plane, `ms` after the one before. */
  async look(ms: number): Promise<void> {
    const looked = new Promise<void>((resolve) => (this.onLook = resolve));
    this.clock.leap(ms);
    await looked;
    this.watch();
  }

  /** Asks over HTTP, as that person. "done", or the code of the refusal. */
  async wish(by: Person, what: Ask): Promise<string> {
    const { status, body } = await ask(this.running.url, {
      ...what,
      headers: { authorization: `Bearer ${tokenOf(by)}` },
    });
    this.watch();
    return status === 200 ? 'done' : String((body as { code?: unknown }).code);
  }

  /** As the webhook and the guard do. */
  async tell(wished: Wished): Promise<void> {
    await this.rollout.apply(wished);
    this.watch();
  }

  /** The process ends and another one begins, with nothing but the store and its state directory. */
  async rebuild(): Promise<void> {
    await this.rebuildAround(async () => {});
  }

  /** The same, while somebody's wish is under way. */
  async rebuildAround(wish: () => Promise<unknown>): Promise<void> {
    const { document } = this;
    await Promise.all([this.running.stop(), wish().catch(() => undefined)]);
    await this.build();
    const { revision } = document.plan;
    if (this.document.plan.revision === revision && !isDeepStrictEqual(this.document, document))
      this.breaches.push(`revision ${revision} came back from the store as something else`);
    if (this.document.plan.revision < revision) this.breaches.push(`revision ${revision} was forgotten`);
  }

  /** Redis is killed and started again with what it had saved; meanwhile the control plane looks every so often. */
  async outage(looks: readonly number[]): Promise<void> {
    const { document } = this;
    await this.settings.redis.kill();
    for (const ms of looks) await this.look(ms);
    if (!isDeepStrictEqual(this.document, document))
      this.breaches.push('it changed while the store was away');
    await this.settings.redis.start();
    const connection = this.running.container.get(RedisConnection);
    await until(() => connection.ready);
    // Enough for a poll, and too little for a look.
    this.clock.leap(POLL_MS);
    await until(() => this.rollout.store.up);
  }

  note(text: string): void {
    this.marks.push({ at: this.clock.wallNow(), text });
  }

  /** Oldest first. */
  async trail(): Promise<readonly AuditEntry[]> {
    return [...(await this.rollout.history(10_000))].reverse();
  }

  async end(): Promise<void> {
    await this.application?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async build(): Promise<void> {
    this.application = await startApplication({
      clock: this.clock,
      accessRules: RULES,
      stateDir: join(this.folder, 'state'),
      observers: [({ kind }) => (kind === 'ticked' ? this.onLook() : undefined)],
      settings: {
        replica: 'a',
        devices: { tlsPort: null },
        // Its time does not go on while Redis answers, so there is much of it.
        store: { url: this.settings.redis.url, commandTimeoutMs: 5_000 },
        // It sees no command here, which it would hold the ramp for; the script has the word.
        guard: { enabled: false },
        rollout: { ladderFile: join(this.folder, 'ladder.yaml'), historyLimit: 10_000 },
        replicas: { tickMs: LOOK_MS, judgementTtlMs: DAY_MS },
      },
    });
    const judge = this.running.container.get<Judge>(JUDGE);
    judge.judge = (question) => this.judge.judge(question);
    await until(() => this.rollout.store.up);
  }

  private get running(): TestApplication {
    if (!this.application) throw new Error('there is no application');
    return this.application;
  }

  private get rollout(): Rollout {
    return this.running.container.get(Rollout);
  }

  /** Compares where devices go with the last time that it was asked. */
  private watch(): void {
    const { document, seen } = this;
    const now = onNew(this.running.container.get(Router), FLEET);
    this.seen = { document, onNew: now };
    this.watchSignature(document);
    if (!seen) return;
    const moved = now.filter((id) => !seen.onNew.includes(id)).length;
    const back = seen.onNew.filter((id) => !now.includes(id)).length;
    const [before, after] = [seen.document, document];
    const about = `revision ${before.plan.revision} → ${after.plan.revision}`;
    if (moved > 0 && isHeld(before) && isHeld(after) && before.plan.generation === after.plan.generation)
      this.breaches.push(`${about}: ${moved} devices to new while latched or frozen`);
    // One change at a time: over several each may have gone its own way.
    if (after.plan.revision <= before.plan.revision + 1 && moved > 0 && back > 0)
      this.breaches.push(`${about}: ${moved} devices to new and ${back} back at once`);
    if (after.plan.generation < before.plan.generation) this.breaches.push(`${about}: an older generation`);
  }

  /** No two documents are signed alike, whichever process wrote them: else a lost one is taken for the other. */
  private watchSignature({ writer, plan }: RolloutDocument): void {
    const revision = this.signed.get(writer);
    if (revision !== undefined && revision !== plan.revision)
      this.breaches.push(`${writer} signs both revision ${revision} and ${plan.revision}`);
    this.signed.set(writer, plan.revision);
  }
}

function isHeld({ automation, freeze }: RolloutDocument): boolean {
  return automation.kind === 'latched' || freeze !== null;
}
