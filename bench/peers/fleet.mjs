// Simulated devices. argv: how many, port, and options as JSON. `atOnce` answers without delay.
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';

const { systemClock } = built('kernel/clock');
const { Fleet } = built('simulator/fleet');
const { dialTo } = built('simulator/connector');
const timing = built('simulator/timing');

/** Between two quantiles the profile is read on a logarithmic scale, which has no zero. */
const ALMOST_NOTHING_MS = 0.001;

const [size, port] = process.argv.slice(2, 4).map(Number);
const { tls = false, atOnce = false, awaited = 'ready', spreadMs = 0 } = JSON.parse(process.argv[4] ?? '{}');
if (atOnce) answerAtOnce(timing.TIMING_PROFILES.lab[0]);

const fleet = new Fleet({
  clock: systemClock,
  connect: dialTo([{ host: '127.0.0.1', port, tls }]),
  settings: {
    size,
    seed: 1,
    timing: 'lab',
    connectSpreadMs: spreadMs,
    mix: { bulb: 1, plug: 0, switch: 0, led_strip: 0 },
  },
});
const before = performance.now();
fleet.start();
while (fleet.status()[awaited] < size) await sleep(10);
serve(
  { deviceIds: fleet.devices.map(({ id }) => id), tookMs: performance.now() - before },
  { totals: () => fleet.totals() },
);

/** The lab profile without its delays. */
function answerAtOnce(profile) {
  for (const quantiles of Object.values(profile)) for (const pair of quantiles) pair[1] = ALMOST_NOTHING_MS;
}
