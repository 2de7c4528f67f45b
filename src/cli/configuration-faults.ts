import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { accessRulesOf } from '../api/access-rules';
import type { Environment } from '../config/environment';
import { loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { AppError } from '../kernel/errors';
import type { Ladder } from '../rollout/ladder';
import { loadLadder } from '../rollout/ladder-file';
import { lintLadder, type LintParts } from '../rollout/lint-ladder';
import { loadObjectives } from '../slo/objective-file';

/** Something that would not work. */
export interface ConfigurationFault {
  /** What it is a fault of. */
  readonly of: 'configuration' | 'tokens' | 'objectives' | 'ladder';
  readonly sentence: string;
}

export interface Checked {
  readonly file: string;
  readonly environment: Environment;
  readonly fleet: LintParts['fleet'];
}

/** As much of the settings as the ladder and the objectives are held against. */
interface Related {
  readonly ladderFile: string | undefined;
  readonly objectivesFile: string | undefined;
  readonly holdback: number;
  readonly maxStep: number;
  readonly scrapeIntervalMs: number;
}

/** Everything that is wrong with a configuration and the files it names: one fault does not hide another. */
export function configurationFaults({ file, environment, fleet }: Checked): ConfigurationFault[] {
  const config = attempt('configuration', () => loadConfig({ file, environment }));
  const { ladderFile, objectivesFile, holdback, maxStep, scrapeIntervalMs } =
    'value' in config ? relatedOf(config.value) : relatedIn(file);
  const objectives = attempt('objectives', () => loadObjectives({ file: objectivesFile, scrapeIntervalMs }));
  const ladder = attempt('ladder', () => loadLadder(ladderFile, holdback));
  const lint = (read: Ladder): ConfigurationFault[] =>
    lintLadder({
      ladder: read,
      maxStep,
      fleet,
      scrapeIntervalMs,
      objectives: 'value' in objectives ? objectives.value : undefined,
    }).map(({ rule, where, sentence }) => ({ of: 'ladder', sentence: `${where}: ${sentence} (${rule})` }));
  return [
    ...('faults' in config ? config.faults : accessFaults(config.value)),
    ...('faults' in objectives ? objectives.faults : []),
    ...('faults' in ladder ? ladder.faults : lint(ladder.value)),
  ];
}

/** Tokens are often nowhere but where the server runs: a file that is not there is no fault yet. */
function accessFaults({ tokensFile, http: { bind } }: Config): readonly ConfigurationFault[] {
  if (tokensFile !== undefined && !existsSync(tokensFile)) return [];
  const access = attempt('tokens', () => accessRulesOf({ tokensFile, bind }));
  return 'faults' in access ? access.faults : [];
}

type Attempt<T> = { readonly value: T } | { readonly faults: readonly ConfigurationFault[] };

function attempt<T>(of: ConfigurationFault['of'], read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { faults } = error.facts;
    const sentences = Array.isArray(faults) ? faults.map(String) : [error.message];
    return { faults: sentences.map((sentence) => ({ of, sentence })) };
  }
}

function relatedOf({ rollout, slo, prometheus }: Config): Related {
  const { ladderFile, holdback, maxStep } = rollout;
  const { scrapeIntervalMs } = prometheus;
  return { ladderFile, holdback, maxStep, objectivesFile: slo.objectivesFile, scrapeIntervalMs };
}

const text = z.string().optional().catch(undefined);
const named = z.object({
  rollout: z.object({ ladderFile: text }).optional().catch(undefined),
  slo: z.object({ objectivesFile: text }).optional().catch(undefined),
});

/** Of a configuration that is at fault itself: the files that it names, and the defaults for all else. */
function relatedIn(file: string): Related {
  const names = named.safeParse(contentOf(file)).data;
  return {
    ...relatedOf(loadConfig({ environment: {} })),
    ladderFile: names?.rollout?.ladderFile,
    objectivesFile: names?.slo?.objectivesFile,
  };
}

function contentOf(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'), { logLevel: 'error' });
  } catch {
    // Told already as a fault of the configuration.
    return undefined;
  }
}
