import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sleep, systemClock } from '../../src/kernel/clock';
import { randomInteger, seededRandom } from '../../src/kernel/random';
import { Lanes } from '../../src/routing/lanes';
import type { Receipt } from '../../src/transport/transport';
import type { Fleet } from '../../src/simulator/fleet';
import { startApplication, startFleet, type TestApplication } from '../support/application';
import { isLongRun, testSeed } from '../support/long-run';

const MINUTE_MS = 60_000;
const DURATION_MS = isLongRun ? 30 * MINUTE_MS : 3_000;
const SAMPLES = 60;
const DEVICES = 100;
/** Commands that are asked for in each tenth of a second. */
const COMMANDS_PER_TURN = 20;
const TURN_MS = 100;

interface Sample {
  readonly minutes: number;
  readonly heapBytes: number;
}

/** Growth in bytes per minute: the slope of the line that fits best. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(samples.map(({ minutes }) => minutes));
  const level = mean(samples.map(({ heapBytes }) => heapBytes));
  const covariance = samples.map(({ minutes, heapBytes }) => (minutes - middle) * (heapBytes - level));
  return mean(covariance) / mean(samples.map(({ minutes }) => (minutes - middle) ** 2));
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe(`${DURATION_MS / 1000} s of commands to ${DEVICES} devices`, () => {
  const samples: Sample[] = [];
  const outcomes = new Map<string, number>();
  let application: TestApplication;
  let fleet: Fleet;
  let submitted = 0;

  const count = ({ outcome }: Receipt): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);

  beforeAll(async () => {
    application = await startApplication({ settings: { rollout: { seedPercentage: 50 } } });
    fleet = await startFleet(application, { size: DEVICES, seed: testSeed(), recordLimit: 10 });
    const lanes = application.container.get(Lanes);
    const random = seededRandom(testSeed());
    const begun = systemClock.now();
    for (let elapsed = 0; elapsed < DURATION_MS; elapsed = systemClock.now() - begun) {
      for (let turn = 0; turn < COMMANDS_PER_TURN; turn += 1) {
        const deviceId = fleet.devices[randomInteger(random, 0, DEVICES - 1)]?.id ?? '';
        const action = { command: 'brightness', level: randomInteger(random, 1, 100) } as const;
        const deadlineAt = systemClock.now() + 5_000;
        const id = `${(submitted += 1)}`;
        void lanes.submit({ id, deviceId, action, node: undefined, deadlineAt }).then(count);
      }
      if (isLongRun && elapsed >= (samples.length * DURATION_MS) / SAMPLES) {
        collectGarbage();
        samples.push({ minutes: elapsed / MINUTE_MS, heapBytes: process.memoryUsage().heapUsed });
      }
      await sleep(systemClock, TURN_MS);
    }
    await lanes.drain();
  }, DURATION_MS + MINUTE_MS);

  afterAll(async () => {
    fleet.stop();
    await application.stop();
  });

  it('answers every one of them, and leaves nothing in a lane', () => {
    const lanes = application.container.get(Lanes);
    expect([...outcomes.values()].reduce((sum, one) => sum + one, 0)).toBe(submitted);
    expect([lanes.waiting, lanes.inFlight]).toEqual([0, 0]);
    expect(outcomes.get('applied')).toBe(submitted);
  });

  // A shorter run says nothing about a leak.
  if (isLongRun) {
    it('takes memory that grows by less than the programme’s 10 % an hour', () => {
      // The first third warms up.
      const perMinute = slopeOf(samples.slice(Math.floor(samples.length / 3)));
      process.stdout.write(
        `soak: ${submitted} commands, heap grows by ${(perMinute / 1024).toFixed(1)} kB a minute\n`,
      );
      expect((60 * perMinute) / (samples.at(-1)?.heapBytes ?? 1)).toBeLessThan(0.1);
    });
  }
});
