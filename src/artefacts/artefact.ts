import { stringify } from 'yaml';

/** A file, or a part of one, that is made from the program's own tables and is committed, so that tools find a file. */
export interface Artefact {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  /**
   * What the file should hold, given what it holds now (undefined: there is none). A file that comes back unchanged has
   * not drifted; undefined means that there is no place for the generated part.
   */
  contentFrom(current: string | undefined): string | undefined;
}

/** A file of which every byte is generated. */
export function wholeFile(path: string, content: string): Artefact {
  return { path, contentFrom: () => content };
}

const END = '<!-- /generated -->';

/** A part of a document for people: what stands between `<!-- generated:mark -->` and the end mark behind it. */
export function documentPart(path: string, mark: string, text: string): Artefact {
  return { path, contentFrom: (current) => withPart(current ?? '', mark, text) };
}

/** The document with its generated part brought up to date, or undefined when it has no place marked for one. */
export function withPart(document: string, mark: string, text: string): string | undefined {
  const begin = `<!-- generated:${mark} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(END, from);
  if (from < 0 || to < 0) return undefined;
  return `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
}

export const GENERATED =
  'Made by `pointsman generate`: what is changed here is lost with the next one, and a check finds it.';

/** Long lines are kept: a folded expression is a different string for whoever compares. */
const YAML_OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: 'literal' } as const;

/** A YAML document that says where it comes from. `about`: one line each. */
export function yamlFile(path: string, about: readonly string[], document: unknown): Artefact {
  const header = [GENERATED, ...about].map((line) => `# ${line}\n`).join('');
  return wholeFile(path, `${header}${stringify(document, YAML_OPTIONS)}`);
}
