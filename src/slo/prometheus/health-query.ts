import type { Objective } from '../objectives';
import { RECORDED, RULE_INTERVAL_MS } from '../recorded';
import type { Health } from '../readings';
import type { SampleValue } from './sample-value';
import { part, together } from './vector';
import { metricsOf, type QueryStyle } from './window-query';

const SECOND_MS = 1000;

/** Older than this many scrapes, and what Prometheus answers is of before something broke. */
const FRESH_SCRAPES = 3;

/** The series that says which program, of which environment, a target is. */
export const BUILD_INFO = 'tcp_comm_build_info';

export interface Expectation extends QueryStyle {
  readonly environment: string;
  /** Targets that must be up. */
  readonly expectedReplicas: number;
}

interface Probe {
  readonly key: string;
  readonly expression: string;
}

/** What must be asked to know whether the numbers may be believed. */
export function healthQuery(
  objectives: readonly Objective[],
  expectation: Expectation,
): { readonly text: string; readonly keys: ReadonlySet<string> } {
  const probes = [...standingProbes(expectation), ...ageProbes(objectives, expectation)];
  return {
    text: together(probes.map(({ key, expression }) => part(expression, key))),
    keys: new Set(probes.map(({ key }) => key)),
  };
}

function standingProbes({ environment, selector, series }: Expectation): Probe[] {
  const ours = braces(`environment="${environment}"`, selector);
  // Recording rules add up every target, so there any other environment in this Prometheus spoils the sums.
  const others = braces(`environment!="${environment}"`, series === 'recorded' ? '' : selector);
  return [
    { key: 'time', expression: 'vector(time())' },
    {
      key: 'replicas',
      expression: `count(up${braces(selector)} == 1 and on (job, instance) ${BUILD_INFO}${ours})`,
    },
    { key: 'others', expression: `count(${BUILD_INFO}${others})` },
  ];
}

function ageProbes(objectives: readonly Objective[], { selector, series }: Expectation): Probe[] {
  const metrics = metricsOf(objectives).map((metric) => ({
    key: `age:${metric}`,
    expression: `time() - max(timestamp(${metric}${braces(selector)}))`,
  }));
  const rules = objectives.flatMap(({ name }) =>
    Object.values(RECORDED).map((record) => ({
      key: `age:${record}:${name}`,
      expression: `time() - max(timestamp(${record}{slo="${name}"}))`,
    })),
  );
  return series === 'recorded' ? [...metrics, ...rules] : metrics;
}

/** Judges the answer: in doubt, blind. */
export function healthOf(
  parts: ReadonlyMap<string, SampleValue>,
  keys: ReadonlySet<string>,
  expectation: Expectation,
): Health {
  const value = (key: string): number | undefined => {
    const found = parts.get(key);
    return found?.kind === 'number' ? found.value : undefined;
  };
  const now = value('time');
  if (now === undefined) return blind('Prometheus does not say what time it is');
  const standing = standingFault(value, expectation);
  if (standing !== undefined) return blind(standing);
  for (const key of keys) {
    if (!key.startsWith('age:')) continue;
    const fault = ageFault(key.slice('age:'.length), value(key), expectation);
    if (fault !== undefined) return blind(fault);
  }
  return { kind: 'well', nowMs: now * SECOND_MS };
}

function standingFault(
  value: (key: string) => number | undefined,
  { environment, expectedReplicas }: Expectation,
): string | undefined {
  const others = value('others') ?? 0;
  const replicas = value('replicas') ?? 0;
  if (others > 0)
    return `this Prometheus has ${others} targets of another environment than ${environment}; set prometheus.url, environment or selector`;
  if (replicas >= expectedReplicas) return undefined;
  return `${replicas} of ${expectedReplicas} replicas of environment ${environment} are up`;
}

function ageFault(
  name: string,
  age: number | undefined,
  { scrapeIntervalMs }: Expectation,
): string | undefined {
  const isRecorded = Object.values(RECORDED).some((record) => name.startsWith(record));
  if (age === undefined)
    return isRecorded
      ? `no series ${name}: are the recording rules of alerts/ loaded?`
      : `no series ${name}: was it renamed?`;
  const limitMs =
    FRESH_SCRAPES * (isRecorded ? Math.max(scrapeIntervalMs, RULE_INTERVAL_MS) : scrapeIntervalMs);
  if (age * SECOND_MS <= limitMs) return undefined;
  return `the newest sample of ${name} is ${Math.round(age)} s old, more than ${limitMs / SECOND_MS} s`;
}

function blind(why: string): Health {
  return { kind: 'blind', why };
}

function braces(...matchers: readonly string[]): string {
  const some = matchers.filter((matcher) => matcher !== '');
  return some.length === 0 ? '' : `{${some.join(',')}}`;
}
