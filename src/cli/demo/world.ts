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
import { Tally } from './tally';

const SEED = 1;
const CONNECT_SPREAD_MS = 1500;
const WINDOW_MS = 10_000;

/** How much there is of everything. */
export interface WorldSize {
  readonly devices: number;
  readonly commandsPerSecond: number;
}

/** A server, devices that dial in, and an application that sends them commands, all in this process. */
export interface DemoWorld {
  readonly ports: OpenPorts;
  /** Lets this run's callers in, and nobody else's. */
  readonly token: string;
  readonly client: Client;
  readonly tally: Tally;
  readonly fleet: Fleet;
  /** Devices begin to dial, commands to be sent. */
  start(): void;
  /** Ends all three in good order. */
  stop(): Promise<void>;
}

export async function openWorld(
  config: Config,
  { devices, commandsPerSecond }: WorldSize,
): Promise<DemoWorld> {
  const token = randomBytes(24).toString('base64url');
  const { server } = await createApplication({
    config,
    accessRules: demoRules(token),
    clock: systemClock,
    random: systemRandom,
  });
  const ports = await server.start();
  const forgetToken = leaveDemoToken(ports.http, token);
  const client = new Client({ url: `http://127.0.0.1:${ports.http}`, token });
  const tally = new Tally(systemClock, WINDOW_MS);
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo([deviceAddress(ports)]),
    settings: { size: devices, seed: SEED, timing: 'lab', connectSpreadMs: CONNECT_SPREAD_MS },
  });
  const application = new DemoApplication({
    client,
    devices: fleet.devices.map(({ id }) => id),
    commandsPerSecond,
    clock: systemClock,
    random: seededRandom(SEED),
    tally,
  });
  return {
    ports,
    token,
    client,
    tally,
    fleet,
    start() {
      fleet.start();
      application.start();
    },
    async stop() {
      application.stop();
      await server.stop();
      fleet.stop();
      forgetToken();
    },
  };
}

/** Only who has the token of this run is let in, and only through a loopback name. */
function demoRules(token: string): AccessRules {
  return {
    tokens: [{ name: 'demo admin', role: 'admin', sha256: sha256(token) }],
    anonymous: undefined,
    loopbackHostsOnly: true,
  };
}

function deviceAddress({ devicesPlain, devicesTls }: OpenPorts) {
  return devicesPlain === undefined
    ? { host: '127.0.0.1', port: devicesTls ?? 0, tls: true }
    : { host: '127.0.0.1', port: devicesPlain, tls: false };
}
