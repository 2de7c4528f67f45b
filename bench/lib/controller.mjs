import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { built } from './product.mjs';

const { createApplication } = built('main');
const { accessRulesOf } = built('api/access-rules');
const { loadConfig } = built('config/load');
const { systemClock: clock } = built('kernel/clock');
const { systemRandom: random } = built('kernel/random');

/**
 * The product as it is started, on its embedded defaults, free ports and a state of its own that goes with the process;
 * all devices are on the new transport.
 * @param {object} settings that differ from the defaults
 */
export async function openController({ devices = {}, ...settings } = {}) {
  const stateDir = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
  process.on('exit', () => rmSync(stateDir, { recursive: true, force: true }));
  const defaults = {
    stateDir,
    logLevel: 'error',
    http: { port: 0 },
    metrics: { port: 0 },
    // A benchmark asks more of one device than any real one would: its answers must not be taken for a flood.
    devices: { plainPort: 0, tlsPort: null, maxPacketsPerSecond: 10_000_000, ...devices },
    rollout: { seedPercentage: 100, holdback: 0 },
    ...settings,
  };
  const config = loadConfig({ environment: {}, defaults });
  const accessRules = accessRulesOf({ bind: config.http.bind });
  const { server, container } = await createApplication({ config, accessRules, clock, random });
  const ports = await server.start();
  return { clock, container, ports, close: () => server.stop() };
}

/** Resolves when the device takes commands and has said which node it is. */
export async function deviceReady({ container }, deviceId) {
  const registry = container.get(built('link/session-registry').SessionRegistry);
  while (registry.link(deviceId)?.ownNode === undefined) await sleep(5);
}
