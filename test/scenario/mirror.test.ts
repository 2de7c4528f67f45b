import type { Fact } from '../../src/kernel/facts';
import { Router } from '../../src/routing/router';
import { DeliveryShadow } from '../../src/transport/shadow/delivery-shadow';
import type { Shadow } from '../../src/transport/shadowing';
import type { Receipt } from '../../src/transport/transport';
import { ChaosStack } from '../chaos/chaos-stack';
import { runCommands } from '../chaos/load';
import { isLongRun, testSeed } from '../support/long-run';

const DEVICES = 30;
const PER_DEVICE = isLongRun ? 500 : 120;
/** Of the test runner, with three fleets in virtual time. */
const PATIENCE_MS = isLongRun ? 600_000 : 120_000;
/** Standard errors by which two runs of the same thing may differ: beyond it they do not do the same. */
const BOUND = 4;

type Compared = Extract<Fact, { kind: 'mirror_compared' }>;

interface Run {
  readonly receipts: readonly Receipt[];
  readonly facts: readonly Fact[];
  /** How often the devices were told to do something and did it. */
  readonly executed: number;
}

interface How {
  readonly percentage: number;
  readonly mirror: boolean;
  readonly devices?: number;
  readonly perDevice?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** In place of the shadow of the product. */
  readonly examine?: Shadow['examine'];
}

/** A fleet with captured timing and the same commands each time, over one transport or the other. */
async function run(how: How, seed: number): Promise<Run> {
  const { devices: size = DEVICES, perDevice = PER_DEVICE, settings = {} } = how;
  const facts: Fact[] = [];
  const stack = await ChaosStack.start({
    fleet: { size, timing: 'captured', seed },
    percentage: how.percentage,
    seed,
    settings,
    observe: (fact) => facts.push(fact),
  });
  if (how.examine) stack.container.get(DeliveryShadow).examine = how.examine as DeliveryShadow['examine'];
  const router = stack.container.get(Router);
  const { plan } = router.current;
  router.use({ plan: { ...plan, mirror: { on: how.mirror, percentage: 100 } }, latched: false });
  const receipts = await runCommands(stack, { perDevice });
  await stack.untilDone(stack.pause(100));
  const executed = stack.fleet.devices.reduce((sum, { record }) => sum + record.totals.executed, 0);
  await stack.stop();
  return { receipts, facts, executed };
}

/** How each command ended, and when: what its caller was told. */
function endings({ receipts }: Run): string[] {
  return receipts
    .map(({ commandId, outcome, attempts, latencyMs }) => `${commandId} ${outcome} ${attempts} ${latencyMs}`)
    .sort();
}

/** The mean difference of two figures of each device, in standard errors. */
function difference(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  const differences = [...one].map(([id, value]) => value - (other.get(id) ?? 0));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (differences.length - 1) / differences.length);
  return Math.abs(mean) / error;
}

function byDevice<Item extends { readonly deviceId: string }>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(item.deviceId, (sums.get(item.deviceId) ?? 0) + valueOf(item));
  return sums;
}

const total = (sums: ReadonlyMap<string, number>): number =>
  [...sums.values()].reduce((sum, one) => sum + one, 0);

describe('the mirror over devices with captured timing', () => {
  const seed = testSeed();
  let legacy: Run;
  let unmirrored: Run;
  let onNew: Run;
  let compared: readonly Compared[];

  beforeAll(async () => {
    legacy = await run({ percentage: 0, mirror: true }, seed);
    unmirrored = await run({ percentage: 0, mirror: false }, seed);
    onNew = await run({ percentage: 100, mirror: false }, seed);
    compared = legacy.facts.filter((fact): fact is Compared => fact.kind === 'mirror_compared');
  }, PATIENCE_MS);

  it('examines every command', () => {
    expect(compared).toHaveLength(DEVICES * PER_DEVICE);
    expect(legacy.receipts.every(({ mirrored }) => mirrored)).toBe(true);
  });

  it('changes nothing: the same commands end alike at the same time, and each is executed once', () => {
    expect(endings(legacy)).toEqual(endings(unmirrored));
    expect(legacy.executed).toBe(unmirrored.executed);
    expect(legacy.executed).toBe(DEVICES * PER_DEVICE);
  });

  it('finds no difference where there is none', () => {
    expect(compared.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(
      compared.filter(({ baselineFrame, baselineOutcome }) => !baselineFrame || !baselineOutcome),
    ).toEqual([]);
  });

  it('foretells how often the new transport repeats', () => {
    const foretold = byDevice(compared, ({ retransmissions }) => retransmissions);
    const real = byDevice(onNew.receipts, ({ attempts }) => attempts - 1);
    expect(total(foretold)).toBeGreaterThan(0);
    expect(difference(foretold, real)).toBeLessThan(BOUND);
  });

  it('foretells how often the new transport waits in vain', () => {
    const foretold = compared.reduce((sum, fact) => sum + fact.receiptTimeouts + fact.replyTimeouts, 0);
    const real = onNew.facts.filter(({ kind }) => kind === 'answer_timeout').length;
    expect(foretold).toBeGreaterThan(0);
    // Time-outs come in rows, which doubles the variance of a count.
    expect(Math.abs(foretold - real)).toBeLessThan(BOUND * Math.sqrt(2 * (foretold + real)));
  });

  it('foretells how many commands the new transport has applied', () => {
    const foretold = byDevice(compared, ({ believed }) => Number(believed === 'applied'));
    const real = byDevice(onNew.receipts, ({ outcome }) => Number(outcome === 'applied'));
    const unapplied = DEVICES * PER_DEVICE - total(real);
    expect(Math.abs(total(foretold) - total(real))).toBeLessThanOrEqual(BOUND * Math.sqrt(2 * unapplied + 4));
  });
});

describe('a mirror that is ill', () => {
  const small = { percentage: 0, devices: 10, perDevice: 30 };
  let unmirrored: Run;

  beforeAll(async () => {
    unmirrored = await run({ ...small, mirror: false }, testSeed());
  }, PATIENCE_MS);

  it.each<[string, Partial<How>]>([
    ['hangs', { examine: () => new Promise(() => {}) }],
    [
      'throws',
      {
        examine: () => {
          throw new Error('a bug in the shadow');
        },
      },
    ],
    ['is flooded', { settings: { mirror: { capacity: 1 } } }],
  ])(
    'and %s changes nothing either',
    async (_what, ill) => {
      const mirrored = await run({ ...small, mirror: true, ...ill }, testSeed());
      expect(endings(mirrored)).toEqual(endings(unmirrored));
      expect(mirrored.executed).toBe(small.devices * small.perDevice);
      const told = mirrored.facts.filter(({ kind }) => kind === 'mirror_failed' || kind === 'mirror_dropped');
      expect(told.length).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
