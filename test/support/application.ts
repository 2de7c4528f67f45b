import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { LOOPBACK_RULES, sha256, type AccessRules } from '../../src/api/access';
import { loadConfig } from '../../src/config/load';
import { systemClock, type Clock } from '../../src/kernel/clock';
import type { Observe } from '../../src/kernel/facts';
import { systemRandom } from '../../src/kernel/random';
import type { Role } from '../../src/kernel/roles';
import type { OpenPorts } from '../../src/lifecycle';
import { SessionRegistry } from '../../src/link/session-registry';
import { createApplication } from '../../src/main';
import { dialTo } from '../../src/simulator/connector';
import { Fleet, type FleetSettings } from '../../src/simulator/fleet';
import { until } from './until';

export { until };

export interface TestApplication {
  readonly ports: OpenPorts;
  readonly url: string;
  readonly container: INestApplicationContext;
  readonly stateDir: string;
  stop(): Promise<void>;
}

export interface TestSettings {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly accessRules?: AccessRules;
  readonly observers?: readonly Observe[];
  readonly clock?: Clock;
  /** One that is kept when the application stops, for another that begins where this one ended. */
  readonly stateDir?: string;
}

/** The whole application on real sockets: ports that the system chooses, a state directory of its own. */
export async function startApplication({
  settings = {},
  accessRules = LOOPBACK_RULES,
  observers = [],
  clock = systemClock,
  stateDir: kept,
}: TestSettings = {}): Promise<TestApplication> {
  const stateDir = kept ?? (await mkdtemp(join(tmpdir(), 'pointsman-test-')));
  const devices = { plainPort: 0, tlsPort: 0, sweepMs: 100, ...(settings.devices as object) };
  const defaults = {
    logLevel: 'silent',
    stateDir,
    http: { port: 0 },
    metrics: { port: 0 },
    ...settings,
    devices,
  };
  const config = loadConfig({ environment: {}, defaults });
  const { server, container } = await createApplication({
    config,
    accessRules,
    clock,
    random: systemRandom,
    observers,
  });
  const ports = await server.start();
  return {
    ports,
    url: `http://127.0.0.1:${ports.http}`,
    container,
    stateDir,
    async stop() {
      await server.stop();
      if (kept === undefined) await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Simulated devices that dial an application; resolves when the application can send commands to all of them. */
export async function startFleet(
  application: TestApplication,
  settings: Partial<FleetSettings> & { tls?: boolean } = {},
): Promise<Fleet> {
  const { tls = false, ...rest } = settings;
  const port = (tls ? application.ports.devicesTls : application.ports.devicesPlain) as number;
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo([{ host: '127.0.0.1', port, tls }]),
    settings: { size: 3, seed: 1, timing: 'lab', ...rest },
  });
  fleet.start();
  const registry = application.container.get(SessionRegistry);
  await until(() => fleet.devices.every(({ id }) => registry.link(id)?.ownNode !== undefined));
  return fleet;
}

/** Rules with one token a role; the token is the role's name, sixteen times. */
export function rulesFor(...roles: Role[]): AccessRules {
  const tokens = roles.map((role) => ({ name: `the ${role}`, role, sha256: sha256(tokenOf(role)) }));
  return { tokens, anonymous: undefined, loopbackHostsOnly: false };
}

export function tokenOf(role: Role): string {
  return role.repeat(16);
}
