// The product as it is started, on its embedded defaults and free ports. argv: options as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';
import { usage } from '../lib/usage.mjs';

const { tls = false } = JSON.parse(process.argv[2] ?? '{}');
const { createApplication } = built('main');
const { accessRulesOf } = built('api/access-rules');
const { systemClock: clock } = built('kernel/clock');
const { systemRandom: random } = built('kernel/random');
const { loadConfig } = built('config/load');

const stateDir = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
process.on('exit', () => rmSync(stateDir, { recursive: true, force: true }));

const config = loadConfig({
  environment: {},
  defaults: {
    stateDir,
    logLevel: 'error',
    http: { port: 0 },
    metrics: { port: 0 },
    devices: { plainPort: tls ? null : 0, tlsPort: tls ? 0 : null },
    rollout: { seedPercentage: 100, holdback: 0 },
  },
});
const accessRules = accessRulesOf({ bind: config.http.bind });
const { server } = await createApplication({ config, accessRules, clock, random });
serve(await server.start(), { usage });
