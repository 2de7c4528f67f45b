import { randomBytes } from 'node:crypto';
import { sha256, type AccessRules } from '../../api/access';
import type { Config } from '../../config/schema';
import { systemClock } from '../../kernel/clock';
import { seededRandom, systemRandom } from '../../kernel/random';
import type { OpenPorts } from '../../lifecycle';
import { createApplication } from '../../main';
import { dialTo } from '../../simulator/connector';
import { Fleet } from '../../simulator/fleet';
import { Client } from '../client';
import { leaveDemoToken } from '../demo-token';
import { DemoApplication } from './application';
import { runLive } from './run-live';
import { Tally } from './tally';
import { welcome } from './welcome';

const DEVICES = 200;
const COMMANDS_PER_SECOND = 50;
const SEED = 1;
const CONNECT_SPREAD_MS = 1500;
const WINDOW_MS = 10_000;

export interface DemoParts {
  readonly config: Config;
  /** Resolves when the demo is to end. */
  readonly stop: Promise<void>;
  readonly out: (text: string) => void;
}

/** Runs server, fleet and application until it is told to stop; then ends all three in good order. */
export async function runDemo({ config, stop, out }: DemoParts): Promise<void> {
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
      devices: DEVICES,
      exampleDevice: fleet.devices[0]?.id ?? '',
    }),
  );
  fleet.start();
  application.start();
  await runLive({ ...parts, clock: systemClock, out, columns: terminalColumns }, stop);
  application.stop();
  await server.stop();
  fleet.stop();
  forgetToken();
}

/** Asked each time: a terminal may be resized. */
function terminalColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
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
  const tally = new Tally(systemClock, WINDOW_MS);
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo([deviceAddress(ports)]),
    settings: { size: DEVICES, seed: SEED, timing: 'lab', connectSpreadMs: CONNECT_SPREAD_MS },
  });
  const devices = fleet.devices.map(({ id }) => id);
  const application = new DemoApplication({
    client,
    devices,
    commandsPerSecond: COMMANDS_PER_SECOND,
    clock: systemClock,
    random: seededRandom(SEED),
    tally,
  });
  return { client, tally, fleet, application };
}

function deviceAddress({ devicesPlain, devicesTls }: OpenPorts) {
  return devicesPlain === undefined
    ? { host: '127.0.0.1', port: devicesTls ?? 0, tls: true }
    : { host: '127.0.0.1', port: devicesPlain, tls: false };
}
