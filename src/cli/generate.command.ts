import { Command, InvalidArgumentError, Option } from 'commander';
import type { Artefact } from '../artefacts/artefact';
import type { Drift } from '../artefacts/drift';
import { AppError } from '../kernel/errors';
import { loadObjectives } from '../slo/objective-file';
import type { CliIo } from './io';

interface GenerateOptions {
  readonly check: boolean;
  readonly out?: string;
  readonly objectives?: string;
  readonly runbookBase?: string;
}

const HELP = `
Writes alerts/, dashboards/ (both once more into helm/files/), the reference pages and tables of docs/ from the program's
own catalogues and schemas. With objectives or runbooks of your own: the rules in alerts/ and dashboards/ alone, for both, into
the folder that is named. With --check nothing is written: each file that differs is named, and the exit code is 1.

Examples:
  pointsman generate
  pointsman generate --check
  pointsman generate --objectives objectives.yaml --runbook-base https://wiki.example/runbooks --out /etc/pointsman`;

const WHY: Readonly<Record<Drift['kind'], string>> = {
  missing: 'is missing',
  differs: 'differs from what is generated',
  no_place: 'has no marks between which the generated part would stand',
  not_generated: 'is not among what is generated, and would be loaded all the same',
};

/** `pointsman generate`: alerts, dashboards and reference pages. `more`: what only the whole command line can make. */
export function generateCommand(io: CliIo, more: () => readonly Artefact[]): Command {
  return new Command('generate')
    .description('write alerts, dashboards and reference pages')
    .option('--check', 'only compare', false)
    .option('--objectives <file>', 'YAML file of objectives; without it those of the programme')
    .addOption(new Option('--runbook-base <url>', 'where your runbooks are').argParser(runbookBaseOf))
    .option('--out <folder>', 'the folder to write to (default: this one)')
    .addHelpText('after', HELP)
    .action(async (options: GenerateOptions) => {
      const { check, out = '.' } = options;
      const { driftOf, writeArtefacts } = await import('../artefacts/drift.js');
      const wanted = (await ownArtefacts(options)) ?? [...(await allArtefacts()), ...more()];
      if (!check) for (const path of writeArtefacts(wanted, out)) io.out(`${path}\n`);
      // A page that is not there is no fault of who writes elsewhere.
      const drifted = driftOf(wanted, out).filter(({ kind }) => check || kind !== 'missing');
      for (const { path, kind } of drifted) io.err(`${path} ${WHY[kind]}\n`);
      if (check && drifted.length > 0) throw new AppError('input.invalid', DIFFER);
      if (drifted.some(({ kind }) => kind === 'no_place')) throw new AppError('input.invalid', NO_PLACE);
    });
}

const DIFFER = 'generated files are not as this version makes them: run pointsman generate';
const NO_PLACE = 'some generated parts have no place; everything else was written';
const NO_FOLDER = 'with --objectives or --runbook-base, name a folder of your own: --out';

/** Windows are held against the scrape interval when a server starts; the rules themselves expect this one, or less. */
const SCRAPE_MS = 15_000;

/** What is asked for with something of one's own; undefined when nothing is. */
async function ownArtefacts(options: GenerateOptions): Promise<readonly Artefact[] | undefined> {
  const { objectives: file, runbookBase, out } = options;
  if (file === undefined && runbookBase === undefined) return undefined;
  if (out === undefined) throw new AppError('input.invalid', NO_FOLDER);
  const objectives = loadObjectives({ file, scrapeIntervalMs: SCRAPE_MS });
  return (await generators()).loadedArtefacts({ objectives, runbookBase });
}

async function allArtefacts(): Promise<readonly Artefact[]> {
  return (await generators()).artefacts();
}

/** Loaded when asked for: the library that dashboards are made with is large, and no other command wants it. */
function generators() {
  return import('../artefacts/generate.js');
}

/** Pages are added behind it. */
function runbookBaseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && `${url.username}${url.search}${url.hash}` === '';
  if (!plain) throw new InvalidArgumentError(NO_BASE);
  return url.href.replace(/\/+$/, '');
}

const NO_BASE = 'It must be a URL such as https://wiki.example/runbooks, without user, query or anchor.';
