import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../lib/aim.mjs';
import { Samples } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';

export const title = 'Memory per connected device, and how quickly a fleet connects';

const KILOBYTE = 1000;
/** Devices have introduced themselves and reported by then; what was used on the way can be collected. */
const SETTLE_MS = 4_000;
const PLAIN_AIM_KB = 30;
const TLS_AIM_KB = 15;

const PRODUCT = 'Pointsman';
const BARE = 'bare sockets';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const sizes = quick ? [2_000] : [1_000, 10_000];
  const tlsSize = quick ? 500 : 1_000;
  const cases = [...sizes.map((size) => ({ size, tls: false })), { size: tlsSize, tls: true }];
  const samples = new Samples();
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    for (const about of cases)
      for (const server of [PRODUCT, BARE]) samples.add(nameOf(server, about), await measure(server, about));
  }
  return result(samples, cases);
}

function nameOf(server, { size, tls }) {
  return `${server}, ${size.toLocaleString('en-US')} devices over ${tls ? 'TLS' : 'plain TCP'}`;
}

/** Both processes are new each time: memory that an earlier fleet left behind would be used again. */
async function measure(name, { size, tls }) {
  const file = name === PRODUCT ? 'product-server.mjs' : 'bare-server.mjs';
  const server = new Peer(file, [JSON.stringify({ tls })], { execArgv: ['--expose-gc'] });
  const { devicesPlain, devicesTls } = await server.ready();
  const before = await server.ask('usage', { collect: true });
  const options = { tls, awaited: name === PRODUCT ? 'ready' : 'connected' };
  const fleet = new Peer('fleet.mjs', [size, tls ? devicesTls : devicesPlain, JSON.stringify(options)]);
  const { tookMs } = await fleet.ready();
  await sleep(SETTLE_MS);
  const after = await server.ask('usage', { collect: true });
  await Promise.all([fleet.stop(), server.stop()]);
  const each = (key) => (after[key] - before[key]) / size / KILOBYTE;
  return { rss: each('rss'), heap: each('heapUsed') + each('external'), rate: (size * 1000) / tookMs };
}

function result(samples, cases) {
  const names = cases.flatMap((about) => [PRODUCT, BARE].map((server) => nameOf(server, about)));
  const figures = (key, unit, suffix) =>
    names.map((name) => samples.figure(name, key, unit, `${name}: ${suffix}`));
  const rss = (name) => samples.figure(name, 'rss', 'kB');
  const plain = cases.filter(({ tls }) => !tls);
  const encrypted = cases.find(({ tls }) => tls);
  return {
    figures: [
      ...figures('rss', 'kB', 'resident memory per device'),
      ...figures('heap', 'kB', 'heap and buffers per device'),
      ...figures('rate', 'devices/s', 'from the first dial to the last one ready'),
    ],
    ratios: [],
    aims: [
      ...plain.map((about) =>
        atMost(
          `resident memory per device, ${about.size.toLocaleString('en-US')} over plain TCP`,
          rss(nameOf(PRODUCT, about)),
          PLAIN_AIM_KB,
        ),
      ),
      atMost(
        'resident memory per device over TLS, above the bare node:tls socket',
        { median: rss(nameOf(PRODUCT, encrypted)).median - rss(nameOf(BARE, encrypted)).median, unit: 'kB' },
        TLS_AIM_KB,
      ),
    ],
    notes: [
      'The bare sockets are ready when connected; a device of Pointsman is ready after handshake and announce.',
      'Resident memory includes what the process had not given back yet; a kB is 1,000 bytes.',
    ],
  };
}
