import { isLongRun, testSeed } from '../support/long-run';
import {
  AMPLE_BUDGET,
  BASELINE,
  CONDITIONS,
  measure,
  REPEAT_FAMILIES,
  successOf,
  tableOf,
  WANTED,
  type Measured,
  type Trial,
} from './chaos-matrix';

const seed = testSeed();
const DEVICES = isLongRun ? 25 : 5;
const PER_DEVICE = isLongRun ? 80 : 12;
/** Enough healthy commands that one repeat among them is below the limit. */
const HEALTHY_PER_DEVICE = isLongRun ? 400 : 80;
const MOST_RETRANSMITS = 0.005;
const TIMEOUT_MS = 120_000;
const KINDS = Object.entries(REPEAT_FAMILIES);

function trial(over: Partial<Trial>): Trial {
  const about = { condition: BASELINE, family: 'bulb', timing: 'lab', seed } as const;
  return { ...about, devices: DEVICES, perDevice: PER_DEVICE, ...over };
}

function print(title: string, rows: readonly Measured[], label: (row: Measured) => string): void {
  if (!isLongRun) return;
  const count = rows[0]?.commands ?? 0;
  process.stdout.write(
    `\n### ${title}\n\n${count} commands a row, seed ${seed}\n\n${tableOf(rows, label)}\n`,
  );
}

const named = ({ trial: { condition } }: Measured): string => condition.name;

describe.each(KINDS)(`the chaos matrix, seed ${seed}: a repeated command the device %s`, (kind, family) => {
  const rows: Measured[] = [];
  const settings = { newTransport: { budget: AMPLE_BUDGET } };

  afterAll(() => print(`A repeated command the device ${kind}`, rows, named));

  it.each(CONDITIONS)(
    '$name',
    async (condition) => {
      const row = await measure(trial({ condition, family, settings }));
      rows.push(row);
      expect(row.commands).toBe(DEVICES * PER_DEVICE);
      expect(row.duplicatesExecuted).toBe(family === 'switch' ? row.duplicatesReceived : 0);
    },
    TIMEOUT_MS,
  );

  it('applies every command where no packet is lost', () => {
    const lossless = rows.filter((row) => !named(row).includes('loss'));
    expect(lossless).toHaveLength(4);
    expect(lossless.filter((row) => successOf(row) < 1)).toEqual([]);
  });

  it('applies what the programme wants applied where commands are lost', () => {
    const wanted = rows.filter((row) => named(row) in WANTED);
    expect(wanted).toHaveLength(3);
    // A small sample may miss by one command.
    const slack = isLongRun ? 0 : 1 / (DEVICES * PER_DEVICE);
    const missed = wanted.filter((row) => successOf(row) + slack < (WANTED[named(row)] ?? 1));
    expect(missed.map(named)).toEqual([]);
  });
});

describe(`the budget of repeats over all devices, seed ${seed}`, () => {
  const rows: Measured[] = [];

  afterAll(() => print('With the default budget of repeats', rows, named));

  it.each(CONDITIONS.filter(({ name }) => name.startsWith('20 % loss')))(
    'bounds the repeats: $name',
    async (condition) => {
      // In a short run the burst alone would serve every repeat; so there it is small.
      const budget = { capacity: isLongRun ? 100 : 3, perTransmission: isLongRun ? 0.3 : 0.1 };
      const settings = isLongRun ? {} : { newTransport: { budget } };
      const row = await measure(trial({ condition, settings }));
      rows.push(row);
      expect(row.retransmits).toBeLessThanOrEqual(budget.capacity + budget.perTransmission * row.commands);
      expect(successOf(row)).toBeLessThan(1);
    },
    TIMEOUT_MS,
  );
});

describe(`without chaos, seed ${seed}`, () => {
  const rows: Measured[] = [];
  const label = ({ trial: { timing, settings } }: Measured): string =>
    settings ? `${timing}, spec profile` : timing;

  afterAll(() => print('No chaos, by round trips', rows, label));

  it.each(['local', 'cloud', 'bursts'] as const)(
    'devices with the round trips %s are repeated to less than by the specification',
    async (timing) => {
      const healthy = trial({ timing, perDevice: HEALTHY_PER_DEVICE });
      const row = await measure(healthy);
      const spec = await measure({ ...healthy, settings: { newTransport: { profile: 'spec' } } });
      rows.push(row, spec);
      expect(successOf(row)).toBe(1);
      expect(row.retransmits).toBeLessThan(spec.retransmits);
    },
    TIMEOUT_MS,
  );

  it('local, idle devices are repeated to for less than 0.5 % of their commands', () => {
    const local = rows.filter((row) => label(row) === 'local');
    expect(local).toHaveLength(1);
    expect(local.filter((row) => row.retransmits / row.commands >= MOST_RETRANSMITS)).toEqual([]);
  });
});

describe(`the least wait for a receipt, seed ${seed}`, () => {
  const rows: Measured[] = [];
  const floors = isLongRun ? [250, 400, 500, 600, 700, 800] : [600];
  const lossy = CONDITIONS[1] ?? BASELINE;
  const label = ({ trial: { settings, condition, timing } }: Measured): string =>
    `${JSON.stringify(settings).replace(/\D+/g, ' ').trim().split(' ')[0]} ms, ${condition === BASELINE ? timing : condition.name}`;

  afterAll(() => print('The least wait for a receipt', rows, label));

  it.each(floors)(
    'of %d ms applies every command of healthy devices',
    async (floorMs) => {
      const settings = { newTransport: { receiptTimer: { floorMs }, budget: AMPLE_BUDGET } };
      for (const timing of ['local', 'cloud', 'bursts'] as const)
        rows.push(await measure(trial({ timing, settings })));
      rows.push(await measure(trial({ condition: lossy, settings })));
      expect(rows.slice(-4, -1).map(successOf)).toEqual([1, 1, 1]);
    },
    TIMEOUT_MS,
  );
});
