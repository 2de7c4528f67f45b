import { isDeviceId } from '../kernel/device-id';
import { COHORT_RULE } from './rollout-settings';

/** How one environment variable becomes a setting. */
interface Variable {
  readonly name: string;
  /** Path of the setting in the configuration. */
  readonly path: readonly string[];
  readonly type: 'text' | 'number';
}

/** The variables that override the configuration file. */
export const VARIABLES: readonly Variable[] = [
  { name: 'POINTSMAN_HTTP_PORT', path: ['http', 'port'], type: 'number' },
  { name: 'POINTSMAN_BIND', path: ['http', 'bind'], type: 'text' },
  { name: 'POINTSMAN_METRICS_PORT', path: ['metrics', 'port'], type: 'number' },
  { name: 'POINTSMAN_METRICS_BIND', path: ['metrics', 'bind'], type: 'text' },
  { name: 'POINTSMAN_DEVICE_PORT', path: ['devices', 'plainPort'], type: 'number' },
  { name: 'POINTSMAN_DEVICE_TLS_PORT', path: ['devices', 'tlsPort'], type: 'number' },
  { name: 'POINTSMAN_DEVICE_BIND', path: ['devices', 'bind'], type: 'text' },
  { name: 'POINTSMAN_STATE_DIR', path: ['stateDir'], type: 'text' },
  { name: 'POINTSMAN_TOKENS_FILE', path: ['tokensFile'], type: 'text' },
  { name: 'POINTSMAN_ALERTMANAGER_URL', path: ['alerting', 'alertmanagerUrl'], type: 'text' },
  { name: 'POINTSMAN_PROMETHEUS_URL', path: ['prometheus', 'url'], type: 'text' },
  { name: 'POINTSMAN_REDIS_URL', path: ['store', 'url'], type: 'text' },
  { name: 'POINTSMAN_REPLICA', path: ['replica'], type: 'text' },
  { name: 'POINTSMAN_LOG_LEVEL', path: ['logLevel'], type: 'text' },
];

/** Variables with the prefix that are no settings of the server. */
const NOT_SETTINGS: ReadonlySet<string> = new Set([
  'POINTSMAN_CONFIG',
  'POINTSMAN_SEED',
  'POINTSMAN_URL',
  'POINTSMAN_TOKEN',
  'POINTSMAN_CORPUS',
]);

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Overrides {
  readonly values: readonly { readonly path: readonly string[]; readonly value: unknown }[];
  readonly faults: readonly string[];
}

/** The settings that the environment gives, and what is wrong with it. */
export function overridesOf(environment: Environment): Overrides {
  const values: { path: readonly string[]; value: unknown }[] = [];
  const faults = unknownVariables(environment);
  for (const { name, path, type } of VARIABLES) {
    const text = environment[name];
    if (text === undefined) continue;
    const value = type === 'number' ? numberOf(text) : text;
    if (value === undefined) faults.push(`${name}: "${text}" is not a number`);
    else values.push({ path, value });
  }
  if (environment.POINTSMAN_SEED === 'true') values.push(...seedsOf(environment, faults));
  return { values, faults };
}

/** They count only together with an explicit wish: a stale variable must not move devices. */
function seedsOf(environment: Environment, faults: string[]): Overrides['values'] {
  const { CANARY_PERCENTAGE: percentage, DARK_LAUNCH: dark, CANARY_COHORT: cohort } = environment;
  const values: { path: readonly string[]; value: unknown }[] = [];
  const seed = (name: string, value: unknown): void => {
    values.push({ path: ['rollout', name], value });
  };
  if (percentage !== undefined) {
    const number = numberOf(percentage);
    if (number === undefined) faults.push(`CANARY_PERCENTAGE: "${percentage}" is not a number`);
    else seed('seedPercentage', number);
  }
  if (dark === 'true' || dark === 'false') seed('seedMirror', dark === 'true');
  else if (dark !== undefined) faults.push(`DARK_LAUNCH: "${dark}" is neither true nor false`);
  if (cohort !== undefined) {
    const ids = idsOf(cohort);
    const strange = ids.filter((id: string): boolean => !isDeviceId(id));
    for (const id of strange) faults.push(`CANARY_COHORT: "${id}" is refused: ${COHORT_RULE}`);
    if (strange.length === 0) seed('seedCohort', ids);
  }
  return values;
}

function idsOf(text: string): string[] {
  return text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set([...VARIABLES.map(({ name }) => name), ...NOT_SETTINGS]);
  const strange = Object.keys(environment).filter(
    (name) => name.startsWith('POINTSMAN_') && !known.has(name),
  );
  return strange.map((name) => `${name}: no such variable`);
}

/** Decimal digits only: Number() would take "", "0x10" and "1e3" for numbers too. */
function numberOf(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
