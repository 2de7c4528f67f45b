import { COUNTED, type CountedName, type Definition } from '../telemetry/catalogue';

const BY_METRIC: ReadonlyMap<string, readonly [CountedName, Definition]> = new Map(
  (Object.entries(COUNTED) as [CountedName, Definition][]).map((entry) => [entry[1].name, entry]),
);

/** What the catalogue says of a counted metric, by its name on `/metrics`. */
export function definitionOf(metric: string): Definition | undefined {
  return BY_METRIC.get(metric)?.[1];
}

/** Under which name the program counts it. */
export function countedNameOf(metric: string): CountedName | undefined {
  return BY_METRIC.get(metric)?.[0];
}
