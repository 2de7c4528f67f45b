import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../lib/aim.mjs';
import { deviceReady, openController } from '../lib/controller.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';
import { allOn, built } from '../lib/product.mjs';
import { middleOf, percentile } from '../lib/stats.mjs';

const { Lanes } = built('routing/lanes');
const { Mirror } = built('routing/mirror');
const { Router } = built('routing/router');
const { DeliveryShadow } = built('transport/shadow/delivery-shadow');

const DEVICES = 100;
const ACTION = { command: 'power', on: true };
/** Commands that are sent in each turn of so many milliseconds: 1,000 a second. */
const PER_TURN = 2;
const TURN_MS = 2;
/** In a sample. Short ones in many rounds: what else the machine does for some seconds then hits all subjects alike. */
const COMMANDS = 1_000;
/**
 * With its defaults the breaker would switch an ill mirror off at once, and little of the harm would be seen. Here it
 * never does, and the queue is short, so that it is full while the shadow is ill.
 */
const NO_BREAKER = { failures: 1_000_000, strains: 1_000_000, capacity: 100, hangMs: 10 };

export const title = 'A command over legacy while the mirror is off, on, or ill';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const product = await openController({ mirror: NO_BREAKER });
  const devices = new Peer('echo-devices.mjs', [DEVICES, product.ports.devicesPlain]);
  await devices.ready();
  for (const id of IDS) await deviceReady(product, id);
  const samples = await measure(product, quick);
  await Promise.all([devices.stop(), product.close()]);
  return result(samples);
}

const IDS = Array.from({ length: DEVICES }, (_, index) => (index + 1).toString(16).padStart(8, '0'));

const OFF = 'mirror off';
const ON = 'mirror on';
const ILL = {
  'shadow hung': () => new Promise(() => {}),
  'shadow throwing': () => {
    throw new Error('ill');
  },
  'shadow slow, queue full': () => sleep(20).then(() => undefined),
};

async function measure(product, quick) {
  const healthy = product.container.get(DeliveryShadow).examine;
  const under = (name, on, examine) => ({
    name,
    measure: () => paced(product, { on, examine: examine ?? healthy }),
  });
  const subjects = [
    under(OFF, false),
    under(ON, true),
    ...Object.entries(ILL).map(([name, examine]) => under(name, true, examine)),
  ];
  await interleave(subjects, 1);
  return interleave(withTwin(subjects, OFF), quick ? 5 : 51);
}

/** Sends commands at a steady pace, whatever becomes of those before. */
async function paced(product, { on, examine }) {
  const { container, clock } = product;
  const { plan } = allOn('legacy');
  container.get(DeliveryShadow).examine = examine;
  container.get(Router).use({ plan: { ...plan, mirror: { on, percentage: 100 } }, latched: false });
  const lanes = container.get(Lanes);
  const latencies = new Float64Array(COMMANDS);
  let mirrored = 0;
  const before = process.cpuUsage();
  const done = [];
  const send = (at) => {
    const sentAt = performance.now();
    const command = { id: 'bench', deviceId: IDS[at % DEVICES], action: ACTION, node: undefined };
    return lanes.submit({ ...command, deadlineAt: clock.now() + 5_000 }).then((receipt) => {
      if (receipt.outcome !== 'applied') throw new Error(receipt.outcome);
      latencies[at] = performance.now() - sentAt;
      mirrored += Number(receipt.mirrored);
    });
  };
  for (let at = 0; at < COMMANDS; at += PER_TURN) {
    for (let one = at; one < Math.min(at + PER_TURN, COMMANDS); one += 1) done.push(send(one));
    await sleep(TURN_MS);
  }
  await Promise.all(done);
  await emptied(container.get(Mirror));
  const { user, system } = process.cpuUsage(before);
  return {
    p50: 1000 * percentile(latencies, 0.5),
    p99: 1000 * percentile(latencies, 0.99),
    cpu: (user + system) / COMMANDS,
    mirrored: (100 * mirrored) / COMMANDS,
  };
}

/** What a subject has left in the mirror is charged to it, and not to the next. */
async function emptied(mirror) {
  const until = performance.now() + 15_000;
  while (mirror.pending > 0 && performance.now() < until) await sleep(20);
}

function result(samples) {
  const names = [OFF, twinOf(OFF), ON, ...Object.keys(ILL)];
  const figures = (key, unit) => names.map((name) => samples.figure(name, key, unit, `${name}: ${key}`));
  const overOff = (key) =>
    names.slice(1).map((name) => samples.ratio(name, OFF, key, `${key}, ${name} : ${OFF}`));
  return {
    figures: [
      ...figures('p50', 'µs'),
      ...figures('p99', 'µs'),
      ...figures('cpu', 'µs of processor per command'),
      ...figures('mirrored', '% of commands'),
    ],
    ratios: ['p50', 'p99'].flatMap(overOff),
    aims: ['p50', 'p99'].flatMap((key) => insideSpread(samples, key, overOff(key).slice(1))),
    notes: [
      `${DEVICES} devices, ${(1000 * PER_TURN) / TURN_MS} commands a second at most. The breaker is switched off, or it would end the ill cases after a few commands.`,
    ],
  };
}

/** Whether a subject differs from the mirror switched off by no more than that differs from itself, in eight rounds of ten. */
function insideSpread(samples, key, ratios) {
  const { low, high } = middleOf(samples.ratios(twinOf(OFF), OFF, key));
  const limit = Math.round(1000 * Math.max(high, 1 / low)) / 1000;
  return ratios.map((ratio) => atMost(`${ratio.name}, in what ${OFF} differs from itself by`, ratio, limit));
}
