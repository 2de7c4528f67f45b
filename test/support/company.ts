import { isDeepStrictEqual } from 'node:util';
import { systemClock, type Cancel } from '../../src/kernel/clock';
import { Rollout } from '../../src/rollout/rollout';
import { isLatched, type RolloutDocument } from '../../src/rollout/document';
import { Router } from '../../src/routing/router';
import { SessionRegistry } from '../../src/link/session-registry';
import { Fleet } from '../../src/simulator/fleet';
import { startApplication, until, type TestApplication } from './application';
import { dialInTurn } from './dial-in-turn';
import { ask, type Answer, type Ask } from './http';
import { onNew } from './plans';
import type { RedisServer } from './redis-server';
import { RoamingLoad } from './roaming-load';

const NAMES = ['a', 'b', 'c'] as const;
export type Name = (typeof NAMES)[number];
const DEVICES = 12;
/** An answer that takes longer hangs. */
const HANGS_MS = 10_000;
const LOOK_MS = 5;

/** Three whole applications over one Redis, a fleet spread over them, and somebody who commands it all the time. */
export class Company {
  readonly fleet: Fleet;
  readonly load: RoamingLoad;
  /** What went to the new transport without anybody having raised anything. */
  readonly rises: string[] = [];
  private readonly running: Promise<void>;
  private readonly before = new Map<Name, readonly string[]>();
  private stopWatching: () => void = () => {};

  private constructor(private readonly applications: ReadonlyMap<Name, TestApplication>) {
    const all = [...applications.values()];
    this.fleet = new Fleet({
      clock: systemClock,
      connect: dialInTurn(all.map(({ ports }) => ports.devicesPlain ?? 0)),
      settings: { size: DEVICES, seed: 1, timing: 'lab' },
    });
    this.fleet.start();
    this.load = new RoamingLoad(all.map(({ url }) => ({ ask: (what) => ask(url, what) })));
    this.running = this.whole().then(() => this.load.run(this.ids));
  }

  /** At 0 %, with all devices connected and commands under way. */
  static async start(redis: RedisServer): Promise<Company> {
    const settings = { store: { url: redis.url }, devices: { tlsPort: null } };
    const started = await Promise.all(
      NAMES.map(async (replica) => {
        const application = await startApplication({ settings: { ...settings, replica } });
        return [replica, application] as const;
      }),
    );
    const company = new Company(new Map(started));
    await company.commands(1);
    return company;
  }

  get documents(): readonly RolloutDocument[] {
    return NAMES.map((name) => this.documentOf(name));
  }

  documentOf(name: Name): RolloutDocument {
    return this.of(name).container.get(Rollout).document;
  }

  /** The devices that this one gives the new transport. */
  onNew(name: Name): readonly string[] {
    return onNew(this.of(name).container.get(Router), this.ids);
  }

  async ask(name: Name, what: Ask): Promise<Answer> {
    let cancel: Cancel = () => {};
    const hung = new Promise<Answer>((resolve) => {
      cancel = systemClock.after(HANGS_MS, () => resolve({ status: 0, headers: {}, body: 'it hangs' }));
    });
    try {
      return await Promise.race([ask(this.of(name).url, what), hung]);
    } finally {
      cancel();
    }
  }

  set(name: Name, percentage: number): Promise<Answer> {
    const body = { percentage, reason: `to ${percentage}`, confirm: true };
    return this.ask(name, { method: 'PUT', path: '/v1/rollout/percentage', body });
  }

  rollBack(name: Name): Promise<Answer> {
    return this.ask(name, { path: '/v1/rollout/rollback', body: { reason: 'the fault' } });
  }

  /** Resolves when so many more commands were applied. */
  async commands(count: number): Promise<void> {
    const { applied } = this.load;
    await until(() => this.load.applied >= applied + count);
  }

  /** From here on, whatever goes up is told as a rise, at the moment at which it does, on whichever replica. */
  watch(): void {
    this.stopWatching();
    this.before.clear();
    this.look();
    const stops = NAMES.map((name) =>
      this.of(name)
        .container.get(Rollout)
        .onChange(() => this.look()),
    );
    stops.push(systemClock.every(LOOK_MS, () => this.look()));
    this.stopWatching = () => stops.forEach((stop) => stop());
  }

  /** All follow one document, at 0 % and latched. */
  get isRolledBack(): boolean {
    const [first, ...others] = this.documents;
    return (
      first !== undefined &&
      isLatched(first) &&
      first.plan.percentage === 0 &&
      others.every((document) => isDeepStrictEqual(document, first))
    );
  }

  /** Ends the commands, and says how each of them ended. */
  async settle(): Promise<Readonly<Record<string, number>>> {
    this.load.stop();
    await this.running;
    return this.load.codes();
  }

  async stop(): Promise<void> {
    this.stopWatching();
    this.load.stop();
    await this.running;
    await Promise.all([...this.applications.values()].map((application) => application.stop()));
    this.fleet.stop();
  }

  private get ids(): readonly string[] {
    return this.fleet.devices.map(({ id }) => id);
  }

  private of(name: Name): TestApplication {
    const application = this.applications.get(name);
    if (!application) throw new Error(`there is no ${name}`);
    return application;
  }

  private whole(): Promise<void> {
    const registries = NAMES.map((name) => this.of(name).container.get(SessionRegistry));
    return until(() =>
      this.ids.every((id) => registries.some((registry) => registry.link(id)?.ownNode !== undefined)),
    );
  }

  private look(): void {
    for (const name of NAMES) {
      const [before, now] = [this.before.get(name), this.onNew(name)];
      const more = before ? now.filter((id) => !before.includes(id)) : [];
      if (more.length > 0)
        this.rises.push(`${name}: ${more.length} devices, ${reasonOf(this.documentOf(name))}`);
      this.before.set(name, now);
    }
  }
}

function reasonOf({ plan }: RolloutDocument): string {
  return `revision ${plan.revision} at ${plan.percentage} %: ${plan.reason}`;
}
