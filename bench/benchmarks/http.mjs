import { atLeast } from '../lib/aim.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';

const DEVICES = 200;

export const title = 'A command by HTTP until it is applied, 50 connections, 200 devices';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const seconds = quick ? 2 : 5;
  const peers = [];
  const start = async (...about) => {
    const peer = new Peer(...about);
    peers.push(peer);
    return { peer, about: await peer.ready() };
  };
  const generator = await start('http-load.mjs');
  const load = (server, deviceIds) => () =>
    measure({ server, generator: generator.peer, what: { port: server.about.http, deviceIds, seconds } });
  const constant = await start('constant-server.mjs');
  const simulated = await start('product-server.mjs');
  const fleet = await start('fleet.mjs', [
    DEVICES,
    simulated.about.devicesPlain,
    JSON.stringify({ atOnce: true }),
  ]);
  const cheap = await start('product-server.mjs');
  await start('echo-devices.mjs', [DEVICES, cheap.about.devicesPlain]);
  const { deviceIds } = fleet.about;
  const subjects = [
    { name: SIMULATED, measure: load(simulated, deviceIds) },
    { name: CHEAP, measure: load(cheap, cheapIds()) },
    { name: CONSTANT, measure: load(constant, deviceIds) },
  ];
  await interleave(subjects, 1);
  const samples = await interleave(withTwin(subjects, SIMULATED), quick ? 2 : 5);
  await Promise.all(peers.map((peer) => peer.stop()));
  return result(samples);
}

const SIMULATED = 'Pointsman, simulated devices that answer at once';
const CHEAP = 'Pointsman, devices that answer by fixed offsets';
const CONSTANT = 'Nest on Fastify, a constant answer';

async function measure({ server, generator, what }) {
  const before = await server.peer.ask('usage');
  const { requests, seconds, p50, p99 } = await generator.ask('load', what);
  const after = await server.peer.ask('usage');
  return { rate: requests / seconds, cpu: (after.cpuMicros - before.cpuMicros) / requests, p50, p99 };
}

function cheapIds() {
  return Array.from({ length: DEVICES }, (_, index) => (index + 1).toString(16).padStart(8, '0'));
}

function result(samples) {
  const names = [SIMULATED, CHEAP, CONSTANT, twinOf(SIMULATED)];
  const figures = (key, unit, suffix) =>
    names.map((name) => samples.figure(name, key, unit, suffix ? `${name}: ${suffix}` : name));
  const share = samples.ratio(SIMULATED, CONSTANT, 'rate');
  return {
    figures: [
      ...figures('rate', 'requests/s'),
      ...figures('cpu', 'µs', 'CPU of the server per request'),
      ...figures('p99', 'ms', 'p99'),
    ],
    ratios: [
      share,
      samples.ratio(CHEAP, CONSTANT, 'rate'),
      samples.ratio(SIMULATED, twinOf(SIMULATED), 'rate'),
    ],
    aims: [atLeast('request rate, in that of the same server with a constant answer', share, 0.5)],
    notes: [
      'Servers, devices and load generator share the cores; a simulated device also reports its new state, which the server answers.',
    ],
  };
}
