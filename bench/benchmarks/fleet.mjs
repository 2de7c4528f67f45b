import { deviceReady, openController } from '../lib/controller.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';
import { percentile } from '../lib/stats.mjs';

const { Lanes } = built('routing/lanes');

const DEVICES = 1_000;
const ACTION = { command: 'power', on: true };
/** The default is a twentieth of it; the one connection that is kept busy answers with two packets a command. */
const MAX_PACKETS_PER_SECOND = 20_000;
/** Commands under way while latencies are measured: a load that leaves the server time to breathe. */
const UNDER_WAY = 20;

export const title = 'Commands to 1,000 connections, and one device that floods';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const product = await openController({ devices: { maxPacketsPerSecond: MAX_PACKETS_PER_SECOND } });
  const devices = new Peer('echo-devices.mjs', [DEVICES, product.ports.devicesPlain]);
  const flooder = new Peer('flooder.mjs', [product.ports.devicesPlain]);
  await Promise.all([devices.ready(), flooder.ready()]);
  for (const id of ids(DEVICES)) await deviceReady(product, id);
  const samples = await measure(product, flooder, quick);
  await Promise.all([devices.stop(), flooder.stop(), product.close()]);
  return result(samples);
}

const ONE = 'one connection, one command at a time';
const ALL = '1,000 connections, one command each at a time';
const CALM = `${UNDER_WAY} commands under way, no flooder`;
const FLOODED = `${UNDER_WAY} commands under way, one flooder`;

async function measure(product, flooder, quick) {
  const commands = quick ? 5_000 : 30_000;
  const load = (devices, underWay) => () => exchange(product, ids(devices), underWay, commands);
  const subjects = [
    { name: ONE, measure: load(1, 1) },
    { name: ALL, measure: load(DEVICES, DEVICES) },
    { name: CALM, measure: load(DEVICES, UNDER_WAY) },
    { name: FLOODED, measure: () => during(flooder, load(DEVICES, UNDER_WAY)) },
  ];
  await interleave(subjects, 1);
  return interleave(withTwin(subjects, CALM), quick ? 3 : 9);
}

async function during(flooder, measureLoad) {
  const before = await flooder.ask('written');
  await flooder.ask('start');
  const startedAt = performance.now();
  const sample = await measureLoad();
  const seconds = (performance.now() - startedAt) / 1000;
  await flooder.ask('stop');
  return { ...sample, flood: ((await flooder.ask('written')) - before) / seconds };
}

/** Keeps `underWay` commands on their way, device after device, until `total` are applied. */
async function exchange({ container, clock }, deviceIds, underWay, total) {
  const lanes = container.get(Lanes);
  const latencies = new Float64Array(total);
  let started = 0;
  const worker = async () => {
    while (started < total) {
      const number = started++;
      const sentAt = performance.now();
      const deviceId = deviceIds[number % deviceIds.length];
      const command = {
        id: 'bench',
        deviceId,
        action: ACTION,
        node: undefined,
        deadlineAt: clock.now() + 5_000,
      };
      const { outcome } = await lanes.submit(command);
      if (outcome !== 'applied') throw new Error(`a command ended as ${outcome}`);
      latencies[number] = performance.now() - sentAt;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: underWay }, worker));
  const rate = (total * 1000) / (performance.now() - startedAt);
  return { rate, p50: 1000 * percentile(latencies, 0.5), p99: 1000 * percentile(latencies, 0.99) };
}

function ids(count) {
  return Array.from({ length: count }, (_, index) => (index + 1).toString(16).padStart(8, '0'));
}

function result(samples) {
  const latency = [CALM, FLOODED, twinOf(CALM)];
  const times = (key) => latency.map((name) => samples.figure(name, key, 'µs', `${name}: ${key}`));
  return {
    figures: [
      ...[ONE, ALL].map((name) => samples.figure(name, 'rate', 'commands/s')),
      ...times('p50'),
      ...times('p99'),
      samples.figure(FLOODED, 'flood', 'packets/s', 'status packets that the flooder could write'),
    ],
    ratios: ['p50', 'p99'].flatMap((key) => [
      samples.ratio(CALM, twinOf(CALM), key, `${key}, ${CALM} : again`),
      samples.ratio(FLOODED, CALM, key, `${key}, ${FLOODED} : ${CALM}`),
    ]),
    aims: [],
    notes: [
      'The flooder, the devices and the server share the machine, so a flood also takes processor time from all.',
    ],
  };
}
