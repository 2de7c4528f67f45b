import { systemClock } from '../../src/kernel/clock';
import type { DeviceSession } from '../../src/link/device-session';
import { SessionRegistry } from '../../src/link/session-registry';
import { Lanes } from '../../src/routing/lanes';
import type { Fleet } from '../../src/simulator/fleet';
import type { Receipt } from '../../src/transport/transport';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { isLongRun } from '../support/long-run';
import { RawDevice } from '../support/raw-device';
import { RecordedFacts } from '../support/recorded-facts';

const BAD = '0badcafe';
const SEND_BUFFER_LIMIT = 262_144;
const COMMANDS_EACH = 5;
const LONG_MS = 120_000;

/** An application, well-behaved devices, and one that is not. */
class Bench {
  readonly facts = new RecordedFacts();
  /** The most bytes that ever waited for the bad device. */
  mostPending = 0;
  private packetsOfBad = 0;

  private constructor(
    readonly application: TestApplication,
    readonly fleet: Fleet,
    readonly bad: RawDevice,
  ) {}

  static async start(size: number): Promise<Bench> {
    const built: { bench?: Bench } = {};
    const application = await startApplication({
      settings: {
        rollout: { seedPercentage: 100, holdback: 0 },
        // Not slowed down: what is proven here must hold without that, too.
        devices: { sendBufferLimitBytes: SEND_BUFFER_LIMIT, maxPacketsPerSecond: 10_000_000 },
      },
      observers: [(fact) => built.bench?.observe(fact)],
    });
    const fleet = await startFleet(application, { size });
    const bad = new RawDevice(application.ports.devicesPlain as number, BAD);
    const bench = new Bench(application, fleet, bad);
    built.bench = bench;
    const registry = application.container.get(SessionRegistry);
    await until(() => registry.link(BAD)?.ownNode !== undefined);
    return bench;
  }

  /** Packets that the application took from the bad device. */
  get takenFromBad(): number {
    return this.packetsOfBad;
  }

  get pending(): number {
    const session = this.application.container.get(SessionRegistry).link(BAD) as DeviceSession | undefined;
    return session?.pendingBytes ?? 0;
  }

  /** The receipts of some commands to each of these devices, all submitted at once. */
  async command(ids: readonly string[], deadlineMs: number): Promise<Receipt[]> {
    const lanes = this.application.container.get(Lanes);
    const commands = ids.flatMap((deviceId) =>
      Array.from({ length: COMMANDS_EACH }, (_, number) => ({
        id: `${deviceId}/${number}`,
        deviceId,
        action: { command: 'brightness', level: number } as const,
        node: undefined,
        deadlineAt: systemClock.now() + deadlineMs,
      })),
    );
    return Promise.all(commands.map((command) => lanes.submit(command)));
  }

  get goodIds(): string[] {
    return this.fleet.devices.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.bad.close();
    this.fleet.stop();
    await this.application.stop();
  }

  private observe(fact: Parameters<RecordedFacts['observe']>[0]): void {
    if (fact.kind === 'link_ended') this.facts.observe(fact);
    if (fact.kind !== 'packet' || fact.deviceId !== BAD) return;
    if (fact.direction === 'received') this.packetsOfBad += 1;
    this.mostPending = Math.max(this.mostPending, this.pending);
  }
}

const outcomesOf = (receipts: readonly Receipt[]): Set<string> =>
  new Set(receipts.map(({ outcome }) => outcome));

describe('a device that writes and does not read', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.start(20);
    bench.bad.goDeaf();
    bench.bad.floodQuestions();
    // The answers have filled what the system holds for it, and begin to pile up here.
    await until(() => bench.pending > 0);
  }, LONG_MS);

  afterAll(() => bench.stop());

  it('is not listened to until it reads, so what waits for it stays small, and it keeps its connection', async () => {
    // The system's own buffers grow for a while; then nothing is taken any more, for as long as others are served.
    await until(async () => {
      const before = bench.takenFromBad;
      await bench.command(bench.goodIds, 60_000);
      return bench.takenFromBad === before;
    });
    expect(bench.pending).toBeGreaterThan(0);
    expect(bench.mostPending).toBeLessThan(SEND_BUFFER_LIMIT);
    expect(bench.facts.endReasons()).toEqual([]);
  });

  it('gets every command ended, and takes none of the commands of others with it', async () => {
    const [bad, good] = await Promise.all([bench.command([BAD], 500), bench.command(bench.goodIds, 60_000)]);
    expect(bad).toHaveLength(COMMANDS_EACH);
    expect(outcomesOf(bad)).not.toContain('applied');
    expect(good).toHaveLength(20 * COMMANDS_EACH);
    expect(outcomesOf(good)).toEqual(new Set(['applied']));
    expect(bench.application.container.get(Lanes).waiting).toBe(0);
  });
});

const CROWD = isLongRun ? 1_000 : 40;

describe(`a device that reports as fast as it can among ${CROWD} others`, () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.start(CROWD);
    bench.bad.floodReports();
    await until(() => bench.takenFromBad > 10_000);
  }, LONG_MS);

  afterAll(() => bench.stop());

  it(
    'takes no command from them, and has every report answered',
    async () => {
      const before = bench.takenFromBad;
      const receipts = await bench.command(bench.goodIds, 60_000);
      expect(receipts).toHaveLength(CROWD * COMMANDS_EACH);
      expect(outcomesOf(receipts)).toEqual(new Set(['applied']));
      // It never stopped.
      expect(bench.takenFromBad).toBeGreaterThan(before + receipts.length);
      expect(bench.mostPending).toBeLessThan(SEND_BUFFER_LIMIT);
      expect(bench.facts.endReasons()).toEqual([]);
      const taken = bench.takenFromBad;
      await until(() => bench.bad.received >= taken);
    },
    LONG_MS,
  );
});
