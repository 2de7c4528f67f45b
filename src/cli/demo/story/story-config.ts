import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../config/environment';
import { loadConfig } from '../../../config/load';
import type { Config } from '../../../config/schema';
import type { Story } from './story';

/** What a caller may choose: a story on somebody's own store or Prometheus would be no story. */
const CHOSEN = [
  'POINTSMAN_HTTP_PORT',
  'POINTSMAN_METRICS_PORT',
  'POINTSMAN_DEVICE_PORT',
  'POINTSMAN_DEVICE_TLS_PORT',
  'POINTSMAN_LOG_LEVEL',
] as const;
const PLAIN_PORT = 23_778;

/** The settings of a story: defaults, but a ladder of its own and a look each second. */
export function storyConfig({ ladder }: Story, environment: Environment, stateDir: string): Config {
  const ladderFile = join(stateDir, 'ladder.yaml');
  writeFileSync(ladderFile, ladder);
  const chosen = Object.fromEntries(
    CHOSEN.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
  const defaults = {
    // Log lines between the lines of a story help nobody; POINTSMAN_LOG_LEVEL wins.
    logLevel: 'silent',
    stateDir,
    devices: { plainPort: PLAIN_PORT },
    replicas: { tickMs: 1_000 },
    rollout: { ladderFile },
  };
  return loadConfig({ file: undefined, environment: chosen, defaults });
}
