import murmurhash from 'murmurhash';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { atLeast, atMost } from '../lib/aim.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { allOn, built } from '../lib/product.mjs';
import { spreadOf } from '../lib/stats.mjs';
import { allocated, looped } from '../lib/timing.mjs';

const { Router } = built('routing/router');
const { Bucketer } = built('routing/bucket');
const { assign, holdbackSalt } = built('routing/assign');

const DEVICES = 10_000;
const PERCENTAGE = 10;
const HOLDBACK = 5;
const REMEMBERED = 100_000;

export const title = 'Routing decision, in process';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const sampleMs = quick ? 30 : 200;
  const loops = loopsOver(deviceIds(), await unleash());
  const subjects = Object.entries(loops).map(([name, loop]) => looped(name, loop, sampleMs));
  const samples = await interleave(withTwin(subjects, WARM), quick ? 5 : 15);
  const figures = [...Object.keys(loops), twinOf(WARM)].map((name) => samples.figure(name, 'ns', 'ns'));
  const faster = samples.ratio(UNLEASH, WARM, 'ns', `${UNLEASH} : ${WARM}`);
  const modern = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    figures: [
      ...figures,
      { name: `allocated by: ${WARM}`, unit: 'B', ...spreadOf(allocated(loops[WARM], 10_000)), rounds: 51 },
    ],
    ratios: [samples.ratio(WARM, twinOf(WARM), 'ns'), faster],
    aims: [
      atMost('a warm decision', figures[0], 120),
      atLeast("times as quick as unleash-client's isEnabled", faster, modern ? 3 : 8),
    ],
  };
}

const WARM = 'Router.decide, warm';
const UNLEASH = 'unleash-client isEnabled';

function loopsOver(ids, toggles) {
  // What comes from outside is another string with the same letters, which must be compared.
  const fromOutside = ids.map((id) => Buffer.from(id).toString('latin1'));
  const contexts = ids.map((userId) => ({ userId }));
  return {
    [WARM]: decideLoop(warmRouter(ids), ids),
    'Router.decide, warm, ids as read from a request': decideLoop(warmRouter(ids), fromOutside),
    'Router.decide, cold: a new router, every device for the first time': coldLoop(ids),
    'Bucketer twice + assign, nothing remembered': assignLoop(ids),
    [UNLEASH]: (count) => {
      let on = 0;
      for (let turn = 0, at = 0; turn < count; turn += 1, at = at + 1 === DEVICES ? 0 : at + 1)
        if (toggles.isEnabled(TOGGLE, contexts[at])) on += 1;
      return on;
    },
    'murmurhash.v3 of the id as a string': (count) => {
      let on = 0;
      for (let turn = 0, at = 0; turn < count; turn += 1, at = at + 1 === DEVICES ? 0 : at + 1)
        if (murmurhash.v3(ids[at], 0) < 429_496_730) on += 1;
      return on;
    },
  };
}

function decideLoop(router, ids) {
  return (count) => {
    let on = 0;
    for (let turn = 0, at = 0; turn < count; turn += 1, at = at + 1 === DEVICES ? 0 : at + 1)
      if (router.decide(ids[at]).transport === 'new') on += 1;
    return on;
  };
}

/** A router that has just started, for every fleet's worth of decisions. */
function coldLoop(ids) {
  return (count) => {
    let on = 0;
    for (let left = count; left > 0; left -= DEVICES) {
      const router = new Router(routed(), REMEMBERED);
      const some = Math.min(left, DEVICES);
      for (let at = 0; at < some; at += 1) if (router.decide(ids[at]).transport === 'new') on += 1;
    }
    return on;
  };
}

function assignLoop(ids) {
  const now = routed();
  const pins = new Map(Object.entries(now.plan.pins));
  const cohort = new Bucketer(now.plan.salt);
  const holdback = new Bucketer(holdbackSalt(now.plan));
  return (count) => {
    let on = 0;
    for (let turn = 0, at = 0; turn < count; turn += 1, at = at + 1 === DEVICES ? 0 : at + 1) {
      const id = ids[at];
      const buckets = { cohort: cohort.bucketOf(id), holdback: holdback.bucketOf(id) };
      if (assign(pins.get(id), buckets, now).transport === 'new') on += 1;
    }
    return on;
  };
}

function warmRouter(ids) {
  const router = new Router(routed(), REMEMBERED);
  for (const id of ids) router.decide(id);
  return router;
}

function routed() {
  const { plan, latched } = allOn('new');
  return { plan: { ...plan, percentage: PERCENTAGE, holdback: HOLDBACK }, latched };
}

/** Ids as devices have them: 32 bits without an order, always the same ones. */
function deviceIds() {
  const random = built('kernel/random').seededRandom(1);
  const { formatDeviceId } = built('kernel/device-id');
  return Array.from({ length: DEVICES }, () => formatDeviceId(Math.floor(random.next() * 2 ** 32)));
}

const TOGGLE = 'new-transport';

/** The client as it is used, but offline: the toggle is given at the start, nothing is fetched, nothing is reported. */
async function unleash() {
  const parameters = { rollout: String(PERCENTAGE), stickiness: 'userId', groupId: TOGGLE };
  const strategies = [{ name: 'flexibleRollout', parameters, constraints: [] }];
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/',
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: [{ name: TOGGLE, type: 'release', enabled: true, stale: false, strategies }] },
  });
  // It asks once for a newer list; nobody is there.
  client.on('error', () => {});
  client.on('warn', () => {});
  await new Promise((resolve) => client.once('ready', resolve));
  const on = deviceIds().filter((userId) => client.isEnabled(TOGGLE, { userId })).length;
  if (on < 0.08 * DEVICES || on > 0.12 * DEVICES) throw new Error(`unleash-client has ${on} devices on`);
  return client;
}
