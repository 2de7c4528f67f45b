import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { sha256, type AccessRules } from '../../api/access';
import { loadConfig } from '../../config/load';
import type { Config } from '../../config/schema';
import type { Environment } from '../../config/environment';
import { systemClock } from '../../kernel/clock';
import { seededRandom, systemRandom } from '../../kernel/random';
import { toldToStop } from '../../kernel/signals';
import type { OpenPorts } from '../../lifecycle';
import { createApplication } from '../../main';
import { dialTo } from '../../simulator/connector';
import { Fleet } from '../../simulator/fleet';
import { Client } from '../client';
import { leaveDemoToken } from '../demo-token';
import type { CommandParts } from '../rollout.commands';
import { DemoApplication } from './application';
import { runLive } from './run-live';
import { Tally } from './tally';
import { welcome } from './welcome';

const DEMO = {
  devices: 200,
  percentage: 10,
  commandsPerSecond: 50,
  seed: 1,
  connectSpreadMs: 1500,
  windowMs: 10_000,
};
const DEFAULTS = {
  logLevel: 'warn',
  devices: { plainPort: 23_778 },
  rollout: { seedPercentage: DEMO.percentage },
};

/** `pointsman demo`: everything in one process, on embedded defaults. */
export function demoCommand({ io, environment }: CommandParts): Command {
  return new Command('demo')
    .description('run everything at once: server, simulated fleet, an application that sends commands')
    .option('--config <file>', 'YAML configuration (default: POINTSMAN_CONFIG)')
    .addHelpText('after', '\nExample:\n  POINTSMAN_HTTP_PORT=8090 pointsman demo')
    .action(async ({ config }: { config?: string }) => {
      const stop = toldToStop();
      const state = await stateFolder(environment);
      try {
        const defaults = { ...DEFAULTS, stateDir: state.path };
        const settings = loadConfig({ file: config ?? environment.POINTSMAN_CONFIG, environment, defaults });
        await runDemo(settings, { stop, out: (text) => io.out(text) });
      } finally {
        await state.dispose();
      }
    });
}

/** A folder of its own for each run, unless one is named: then that one is kept. */
async function stateFolder(
  environment: Environment,
): Promise<{ path: string; dispose: () => Promise<void> }> {
  const named = environment.POINTSMAN_STATE_DIR;
  if (named !== undefined) return { path: named, dispose: async () => {} };
  const path = await mkdtemp(join(tmpdir(), 'pointsman-demo-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}

async function runDemo(
  config: Config,
  { stop, out }: { stop: Promise<void>; out: (text: string) => void },
): Promise<void> {
  const token = randomBytes(24).toString('base64url');
  const { server } = await createApplication({
    config,
    accessRules: demoRules(token),
    clock: systemClock,
    random: systemRandom,
  });
  const ports = await server.start();
  const forgetToken = leaveDemoToken(ports.http, token);
  const parts = demoParts(ports, token);
  const { fleet, application } = parts;
  const { holdback, seedPercentage: percentage } = config.rollout;
  out(
    welcome({
      ports,
      token,
      percentage,
      holdback,
      devices: DEMO.devices,
      exampleDevice: fleet.devices[0]?.id ?? '',
    }),
  );
  fleet.start();
  application.start();
  await runLive({ ...parts, clock: systemClock, out, isTerminal: process.stdout.isTTY }, stop);
  application.stop();
  await server.stop();
  fleet.stop();
  forgetToken();
}

/** Only who has the token of this run is let in, and only through a loopback name. */
function demoRules(token: string): AccessRules {
  return {
    tokens: [{ name: 'demo admin', role: 'admin', sha256: sha256(token) }],
    anonymous: undefined,
    loopbackHostsOnly: true,
  };
}

function demoParts(ports: OpenPorts, token: string) {
  const client = new Client({ url: `http://127.0.0.1:${ports.http}`, token });
  const tally = new Tally(systemClock, DEMO.windowMs);
  const { devices: size, seed, connectSpreadMs, commandsPerSecond } = DEMO;
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo([deviceAddress(ports)]),
    settings: { size, seed, timing: 'lab', connectSpreadMs },
  });
  const devices = fleet.devices.map(({ id }) => id);
  const application = new DemoApplication({
    client,
    devices,
    commandsPerSecond,
    clock: systemClock,
    random: seededRandom(seed),
    tally,
  });
  return { client, tally, fleet, application };
}

function deviceAddress({ devicesPlain, devicesTls }: OpenPorts) {
  return devicesPlain === undefined
    ? { host: '127.0.0.1', port: devicesTls ?? 0, tls: true }
    : { host: '127.0.0.1', port: devicesPlain, tls: false };
}
