import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';
import { percentile } from '../lib/stats.mjs';

const { toggle } = built('toggler/toggler');
const { testFraming } = built('toggler/test-framing');
const { systemClock: clock } = built('kernel/clock');
const { systemRandom: random } = built('kernel/random');

export const title = 'One toggle over a connection of its own, the programme’s test framing';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const target = new Peer('toggle-target.mjs');
  const { port } = await target.ready();
  const subject = { name: TOGGLE, measure: () => toggles(port, quick ? 200 : 1_000) };
  await interleave([subject], 1);
  const samples = await interleave(withTwin([subject], TOGGLE), quick ? 3 : 9);
  await target.stop();
  const names = [TOGGLE, twinOf(TOGGLE)];
  return {
    figures: ['p50', 'p95'].flatMap((key) =>
      names.map((name) => samples.figure(name, key, 'ms', `${name}: ${key}`)),
    ),
    ratios: [samples.ratio(TOGGLE, twinOf(TOGGLE), 'p50')],
    aims: [],
    notes: [
      'From the dial to the answer. The programme’s own toggler reported 0.46 and 0.54 ms for its p50 and p95.',
    ],
  };
}

const TOGGLE = 'toggle';

async function toggles(port, count) {
  const latencies = new Float64Array(count);
  for (let number = 0; number < count; number += 1) latencies[number] = await once(port);
  return { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) };
}

async function once(port) {
  const startedAt = performance.now();
  const { kind } = await toggle({
    address: { host: '127.0.0.1', port, tls: false },
    wish: { deviceId: 'lamp-1', on: true },
    framing: testFraming,
    maxAttempts: 1,
    clock,
    random,
    observe: () => {},
  });
  if (kind !== 'applied') throw new Error(`a toggle ended as ${kind}`);
  return performance.now() - startedAt;
}
