// npm run bench:rollback: how long from the moment at which the new path breaks until everything is back on legacy, by
// the guard alone, and by Prometheus, its generated rules, Alertmanager and the webhook, all of them real.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AlertServers, freePort } from './lib/alert-servers.mjs';
import { aligned, spread } from './lib/format.mjs';
import { machine } from './lib/machine.mjs';
import { built } from './lib/product.mjs';
import { spreadOf } from './lib/stats.mjs';

const { sha256 } = built('api/access');
const { loadConfig } = built('config/load');
const { systemClock } = built('kernel/clock');
const { systemRandom } = built('kernel/random');
const { createApplication } = built('main');
const { Lanes } = built('routing/lanes');
const { Rollout } = built('rollout/rollout');
const { CALM } = built('simulator/chaos-settings');
const { dialTo } = built('simulator/connector');
const { Fleet } = built('simulator/fleet');

const TOKEN = 'bench-hook-token-bench-hook-token';
const PERCENTAGE = 25;
const HOLDBACK = 5;
const DEVICES = 400;
/** Each device is sent a command so often, whether the last one was answered or not: about 100/s on new. */
const EVERY_MS = 950;
const DEADLINE_MS = 2_000;
const LONGEST_MS = 120_000;
const WARM_MS = 8_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    scrape: { type: 'string', default: '5s' },
    json: { type: 'string' },
  },
});
const runs = Number(values.runs);
const about = { ...machine(), runs, scrape: values.scrape };
const results = {};
for (const [name, guard] of [
  ['guard', true],
  ['Prometheus and Alertmanager', false],
]) {
  results[name] = [];
  for (let run = 0; run < runs; run += 1) {
    const measured = await once({ guard });
    process.stderr.write(`${name} ${run + 1}/${runs}: ${JSON.stringify(measured)}\n`);
    results[name].push(measured);
  }
}
print();
if (values.json) writeFileSync(values.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
process.exit(0);

async function once({ guard }) {
  const stateDir = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
  const servers = new AlertServers();
  const [redis, alertmanager, prometheus] = [await freePort(), await freePort(), await freePort()];
  await servers.redis(redis);
  const moments = {};
  const config = loadConfig({
    environment: {},
    defaults: {
      logLevel: 'silent',
      stateDir,
      http: { port: 0 },
      metrics: { port: 0 },
      devices: { plainPort: 0, tlsPort: null, acceptPerSecond: 10_000 },
      store: { url: `redis://127.0.0.1:${redis}` },
      rollout: { seedPercentage: PERCENTAGE, holdback: HOLDBACK },
      guard: { enabled: guard },
      // Its looks are none of the two ways.
      replicas: { tickMs: 3_600_000 },
    },
  });
  const tokens = [{ name: 'alertmanager', role: 'hook', sha256: sha256(TOKEN) }];
  const { server, container } = await createApplication({
    config,
    accessRules: { tokens, anonymous: undefined, loopbackHostsOnly: false },
    clock: systemClock,
    random: systemRandom,
    observers: [(fact) => note(moments, fact)],
  });
  const ports = await server.start();
  await servers.alertmanager(alertmanager, { url: `http://127.0.0.1:${ports.http}`, token: TOKEN });
  await servers.prometheus(prometheus, { metrics: ports.metrics, alertmanager, scrape: values.scrape });
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo([{ host: '127.0.0.1', port: ports.devicesPlain, tls: false }]),
    settings: { size: DEVICES, seed: 1, timing: 'lab' },
  });
  fleet.start();
  const stopLoad = load(container.get(Lanes), fleet);
  try {
    // Two scrapes at least, and a random phase between them and the fault.
    await wait(2 * WARM_MS + Math.random() * 5_000);
    moments.broken = systemClock.now();
    fleet.useChaos({ ...CALM, only: 'new', partition: 'both' });
    await back(moments);
    return {
      fromFault: (moments.back - moments.broken) / 1000,
      fromFirstFailure: (moments.back - (moments.failed ?? moments.back)) / 1000,
      by: container.get(Rollout).document.plan.setBy,
    };
  } finally {
    stopLoad();
    fleet.stop();
    await server.stop();
    await servers.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function note(moments, fact) {
  if (moments.broken === undefined) return;
  if (fact.kind === 'plan_changed' && fact.percentage === 0) moments.back ??= systemClock.now();
  if (fact.kind === 'command_settled' && fact.transport === 'new' && fact.outcome !== 'applied')
    moments.failed ??= systemClock.now();
}

async function back(moments) {
  while (moments.back === undefined) {
    if (systemClock.now() - moments.broken > LONGEST_MS) throw new Error('nothing went back');
    await wait(5);
  }
}

/** An open load: it does not wait for answers, as applications do not wait for each other. */
function load(lanes, fleet) {
  let number = 0;
  const timers = fleet.devices.map(({ id }, index) => {
    const send = () =>
      void lanes.submit({
        id: `${id}/${(number += 1)}`,
        deviceId: id,
        action: { command: 'brightness', level: number % 101 },
        node: undefined,
        deadlineAt: systemClock.now() + DEADLINE_MS,
      });
    let timer = setTimeout(
      () => {
        timer = setInterval(send, EVERY_MS);
      },
      (index * EVERY_MS) / DEVICES,
    );
    return () => clearInterval(timer);
  });
  return () => timers.forEach((stop) => stop());
}

function print() {
  const rows = Object.entries(results).map(([name, measured]) => [
    name,
    spread(spreadOf(measured.map(({ fromFault }) => fromFault))),
    spread(spreadOf(measured.map(({ fromFirstFailure }) => fromFirstFailure))),
    [...new Set(measured.map(({ by }) => by))].join(', '),
  ]);
  const head = ['', 's from the fault: median (min..max)', 's from the first failed command', 'by'];
  process.stdout.write(
    `${about.cpu}, ${about.cores} cores, load ${about.loadBefore}; ${runs} runs each, scrapes every ${about.scrape}, rules every 5s\n${aligned([head, ...rows])}\n`,
  );
}
