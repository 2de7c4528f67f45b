import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { AppError, messageOf } from '../kernel/errors';
import { faultsOfNames, faultsOfObjective } from './objective-rules';
import { objectivesFile } from './objective-schema';
import { objectiveOf, WRITTEN_OBJECTIVES, type Objective, type WrittenObjective } from './objectives';

export interface ObjectiveSources {
  /** YAML; without one the objectives of the programme stand. */
  readonly file?: string | undefined;
  /** The short windows must hold several scrapes. */
  readonly scrapeIntervalMs: number;
}

/** The objectives, or one refusal that lists every fault at once. */
export function loadObjectives({ file, scrapeIntervalMs }: ObjectiveSources): readonly Objective[] {
  if (file === undefined) return checked(WRITTEN_OBJECTIVES, scrapeIntervalMs, 'the default objectives');
  return objectivesFromYaml(readText(file), scrapeIntervalMs, file);
}

/** `source` names where the text is from, for whoever must correct it. */
export function objectivesFromYaml(
  text: string,
  scrapeIntervalMs: number,
  source: string,
): readonly Objective[] {
  let content: unknown;
  try {
    content = parseYaml(text);
  } catch (error) {
    throw refusal(source, [messageOf(error)]);
  }
  const parsed = objectivesFile.safeParse(content);
  if (parsed.success) return checked(parsed.data.objectives, scrapeIntervalMs, source);
  throw refusal(
    source,
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`),
  );
}

function checked(
  written: readonly WrittenObjective[],
  scrapeIntervalMs: number,
  source: string,
): readonly Objective[] {
  const faults = [
    ...faultsOfNames(written),
    ...written.flatMap((objective) => faultsOfObjective(objective, scrapeIntervalMs)),
  ];
  if (faults.length > 0) throw refusal(source, faults);
  return written.map(objectiveOf);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refusal(file, [messageOf(error)]);
  }
}

function refusal(source: string, faults: readonly string[]): AppError {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new AppError('config.invalid', `${source} has ${count}: ${faults.join('; ')}`, { faults });
}
