import type { Artefact } from './artefact';

/** Where the chart keeps what it packs: a chart can read no file outside its own folder. */
export const CHART_FILES = 'helm/files';

/** The same files once more, for the chart. Tests of rules are not needed to run them. */
export function chartFiles(sources: readonly Artefact[]): Artefact[] {
  return sources.map((source) => ({ ...source, path: `${CHART_FILES}/${source.path}` }));
}
