import { sleep, systemClock } from '../../src/kernel/clock';
import { seededRandom, type Random } from '../../src/kernel/random';
import { Rollout } from '../../src/rollout/rollout';
import { Lanes } from '../../src/routing/lanes';
import type { Fleet } from '../../src/simulator/fleet';
import type { Command, Receipt } from '../../src/transport/transport';
import { startApplication, startFleet, type TestApplication } from '../support/application';
import { WriterHistory } from '../support/history';
import { isLongRun, testSeed } from '../support/long-run';

const DEVICES = 40;
const FLIP_MS = 50;
const DURATION_MS = isLongRun ? 30_000 : 3_000;
/** Commands that one device has waiting or under way at once: the lane is never empty. */
const PER_DEVICE = 3;

/** One device's share of the load: commands in a row, some of them to a node that never replies. */
class Load {
  readonly submitted: string[] = [];
  readonly receipts: Receipt[] = [];
  private running = true;

  constructor(
    private readonly deviceId: string,
    private readonly lanes: Lanes,
    private readonly random: Random,
  ) {}

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: PER_DEVICE }, () => this.loop()));
  }

  stop(): void {
    this.running = false;
  }

  private async loop(): Promise<void> {
    while (this.running) {
      const receipt = await this.lanes.submit(this.next());
      this.receipts.push(receipt);
      // A command that never left ends at once: without a pause the loop would keep everything else from running.
      if (receipt.attempts === 0) await sleep(systemClock, 1);
    }
  }

  private next(): Command {
    const { deviceId } = this;
    const id = `${deviceId}/${this.submitted.length}`;
    this.submitted.push(id);
    const silent = this.random.next() < 0.02;
    const action = { command: 'brightness', level: this.submitted.length % 101 } as const;
    return {
      id,
      deviceId,
      action,
      node: silent ? 250 : undefined,
      deadlineAt: systemClock.now() + (silent ? 400 : 5_000),
    };
  }
}

/** Percentages up and down, now and then a rollback and its release. */
function flipper(rollout: Rollout, random: Random): () => Promise<unknown> {
  const why = { by: 'test', reason: 'flip' };
  let latched = false;
  return () => {
    if (latched) {
      latched = false;
      return rollout.apply({ kind: 'release', ...why });
    }
    latched = random.next() < 0.2;
    if (latched) return rollout.apply({ kind: 'rollback', to: 'zero', evidence: {}, ...why });
    return rollout.apply({
      kind: 'set_percentage',
      percentage: random.next() < 0.5 ? 0 : 100,
      confirmed: true,
      ...why,
    });
  };
}

describe(`a percentage flipped every ${FLIP_MS} ms under load for ${DURATION_MS / 1000} s`, () => {
  const seed = testSeed();
  const history = new WriterHistory();
  let application: TestApplication;
  let fleet: Fleet;
  let loads: Load[];

  beforeAll(async () => {
    application = await startApplication({
      settings: { rollout: { holdback: 0 } },
      observers: [history.observe],
    });
    fleet = await startFleet(application, {
      size: DEVICES,
      seed,
      mix: { bulb: 1, plug: 1, switch: 0, led_strip: 0 },
      recordLimit: 100_000,
    });
    const random = seededRandom(seed);
    const lanes = application.container.get(Lanes);
    loads = fleet.devices.map(({ id }) => new Load(id, lanes, random));
    const flip = flipper(application.container.get(Rollout), random);
    const done = Promise.all(loads.map((load) => load.run()));
    for (const end = systemClock.now() + DURATION_MS; systemClock.now() < end;) {
      await flip();
      await sleep(systemClock, FLIP_MS);
    }
    for (const load of loads) load.stop();
    await done;
  }, DURATION_MS + 30_000);

  afterAll(async () => {
    fleet.stop();
    await application.stop();
  });

  it('was a load worth the name: both transports were used, again and again', () => {
    expect(history.commandsBy.new).toBeGreaterThan(100);
    expect(history.commandsBy.legacy).toBeGreaterThan(100);
  });

  it('gives every command exactly one receipt', () => {
    for (const { submitted, receipts } of loads) {
      expect(receipts.map(({ commandId }) => commandId).sort()).toEqual([...submitted].sort());
    }
  });

  it('never has two transports writing to one device at once', () => {
    expect(history.breaches).toEqual([]);
  });

  it('keeps the order of each device', () => {
    for (const { submitted, receipts } of loads) {
      const served = new Set(
        receipts.filter(({ outcome }) => outcome !== 'expired').map(({ commandId }) => commandId),
      );
      const deviceId = receipts[0]?.deviceId ?? '';
      expect(history.settled.get(deviceId)).toEqual(submitted.filter((id) => served.has(id)));
    }
  });

  it('has no command executed twice by devices that discard repeats, and every applied one executed', () => {
    const applied = loads
      .flatMap(({ receipts }) => receipts)
      .filter(({ outcome }) => outcome === 'applied').length;
    for (const device of fleet.devices) expect(Math.max(...device.record.executions().values())).toBe(1);
    expect(fleet.totals().executed).toBeGreaterThanOrEqual(applied);
    expect(fleet.totals().executedRepeats).toBe(0);
  });
});
