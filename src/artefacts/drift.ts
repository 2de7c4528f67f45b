import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Artefact } from './artefact';
import { CHART_FILES } from './chart-files';

/** How one file differs from what would be generated. */
export interface Drift {
  readonly path: string;
  readonly kind: 'missing' | 'differs' | 'no_place' | 'not_generated';
}

/** Folders in which every file is generated. */
const GENERATED_FOLDERS = ['alerts', 'dashboards', CHART_FILES];

/** What in a folder is not as it would be generated; nothing is written. */
export function driftOf(artefacts: readonly Artefact[], root: string): Drift[] {
  const differing = artefacts.flatMap((artefact): Drift[] => {
    const current = contentOf(join(root, artefact.path));
    const wanted = artefact.contentFrom(current);
    if (wanted === undefined)
      return [{ path: artefact.path, kind: current === undefined ? 'missing' : 'no_place' }];
    if (wanted === current) return [];
    return [{ path: artefact.path, kind: current === undefined ? 'missing' : 'differs' }];
  });
  return [...differing, ...strangers(artefacts, root)];
}

/** Brings a folder up to date and says which files it wrote. Files that nobody generates are left alone. */
export function writeArtefacts(artefacts: readonly Artefact[], root: string): string[] {
  return artefacts.flatMap((artefact) => {
    const file = join(root, artefact.path);
    const current = contentOf(file);
    const wanted = artefact.contentFrom(current);
    if (wanted === undefined || wanted === current) return [];
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    return [artefact.path];
  });
}

/** A file of an earlier version that is still there would be loaded like all others. */
function strangers(artefacts: readonly Artefact[], root: string): Drift[] {
  const known = new Set(artefacts.map(({ path }) => path));
  return GENERATED_FOLDERS.flatMap((folder) => filesIn(root, folder))
    .filter((path) => !known.has(path))
    .map((path) => ({ path, kind: 'not_generated' }));
}

function filesIn(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesIn(root, path) : [path];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
