import { z } from 'zod';
import { VARIABLES } from '../../config/environment';
import { configSchema } from '../../config/schema';
import { GENERATED, wholeFile, type Artefact } from '../artefact';
import { markdownTable } from '../markdown-table';
import { code, typeOf, type JsonSchema } from './json-schema';

const HEADINGS = ['setting', 'what it may be', 'default', 'meaning'] as const;
/** Refused wherever a rule says more than "a text" or "a number"; the refusal has the rule. */
const STRANGE_TEXT = '\u0000 ';
const STRANGE_NUMBER = -1;

interface Setting {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
  readonly needed: boolean;
}

/** The reference of every setting, from the schema that a configuration is really checked with. */
export function configurationPage(): Artefact {
  const root = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const members = Object.entries(root.properties ?? {});
  const single = members.filter(([, schema]) => !isSection(schema));
  const sections = members.filter(([, schema]) => isSection(schema));
  return wholeFile(
    'docs/configuration.md',
    [
      INTRODUCTION,
      '## The process',
      table(single.map(([name, schema]) => ({ path: [name], schema, needed: false }))),
      ...sections.flatMap(([name, schema]) => sectionOf(name, schema)),
      '## Variables',
      VARIABLES_TEXT,
      variableTable(),
    ]
      .join('\n\n')
      .concat('\n'),
  );
}

const INTRODUCTION = `<!-- ${GENERATED} -->

# Configuration

One YAML file, named by \`POINTSMAN_CONFIG\` or \`--config\`, then the [variables](#variables), which go before it. Everything
has a default, so no file is needed. A setting \`a.b\` below stands as \`b\` under \`a\` in the file. An unknown key, an unknown
variable with the prefix \`POINTSMAN_\` and a value out of range are faults; the start is refused and names all of them at
once. \`pointsman check <file>\` says the same without a start.

Names that end in \`Ms\` are milliseconds, in \`Bytes\` bytes. Percentages are 0 to 100.`;

const VARIABLES_TEXT = `A variable goes before the file. Numbers are decimal digits.`;

function sectionOf(name: string, schema: JsonSchema): string[] {
  return [
    `## ${name}`,
    ...(schema.description === undefined ? [] : [linked(`${schema.description}.`)]),
    table(settingsOf([name], schema)),
  ];
}

/** Sections of a section are listed with it. */
function settingsOf(path: readonly string[], schema: JsonSchema): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const needed = schema.required?.includes(name) ?? false;
    const own = { path: [...path, name], schema: inner, needed };
    if (isSection(inner)) return settingsOf(own.path, inner);
    const { items } = inner;
    if (items && isSection(items)) return [own, ...settingsOf([...path, `${name}[]`], items)];
    return [own];
  });
}

function isSection({ properties }: JsonSchema): boolean {
  return properties !== undefined;
}

function table(settings: readonly Setting[]): string {
  return markdownTable(HEADINGS, settings.map(rowOf));
}

function rowOf({ path, schema, needed }: Setting): string[] {
  const { description } = schema;
  const variable = VARIABLES.find((each) => each.path.join('.') === path.join('.'));
  const meaning = [
    ...(description === undefined ? [] : [linked(`${description}.`)]),
    ...(variable ? [`Variable: ${code(variable.name)}.`] : []),
  ].join(' ');
  return [code(path.join('.')), kindOf(path, schema), needed ? 'needed' : defaultOf(schema), meaning];
}

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined ? 'none' : code(schema.default === '' ? '""' : schema.default);
}

/** The rule that a refusal names, where the type alone does not say it. */
function kindOf(path: readonly string[], schema: JsonSchema): string {
  const type = typeOf(schema);
  const { items } = schema;
  if (items && isSection(items)) return type.replace('object', 'what follows');
  const probe = /\bnumber$/.test(type) ? STRANGE_NUMBER : STRANGE_TEXT;
  if (!/\b(text|number)\b(?!,)/.test(type)) return type;
  const rule = ruleOf(path, items ? [probe] : probe);
  if (rule === undefined) return type;
  return items ? `list; each ${rule}` : rule;
}

/** What is said of a value that no rule would let through; undefined where every value is let through. */
function ruleOf(path: readonly string[], value: unknown): string | undefined {
  const { error } = configSchema.safeParse(documentWith(path, value));
  const issue = error?.issues.find((each) =>
    each.path.join('.').startsWith(path.join('.').replace('[]', '.0')),
  );
  return issue && !/^(Too|Invalid)\b/.test(issue.message) ? issue.message : undefined;
}

function documentWith(path: readonly string[], value: unknown): unknown {
  return [...path]
    .reverse()
    .reduce<unknown>(
      (inner, name) => (name.endsWith('[]') ? { [name.slice(0, -2)]: [inner] } : { [name]: inner }),
      value,
    );
}

function variableTable(): string {
  const settings = VARIABLES.map(({ name, path }) => [code(name), code(path.join('.'))]);
  return markdownTable(
    ['variable', 'setting'],
    [
      ['`POINTSMAN_CONFIG`', 'the file'],
      ...settings,
      ['`POINTSMAN_SEED`', '`true`: the next three count, for an empty store'],
      ['`CANARY_PERCENTAGE`', '`rollout.seedPercentage`'],
      ['`DARK_LAUNCH`', '`rollout.seedMirror`'],
      ['`CANARY_COHORT`', '`rollout.seedCohort`, with commas'],
      ['`POINTSMAN_URL`', 'of the command line: the server that it asks'],
      ['`POINTSMAN_TOKEN`', 'of the command line: the token that it shows'],
    ],
  );
}

/** Settings name pages by their path in the repository. */
function linked(text: string): string {
  return text.replaceAll(/\bdocs\/([\w-]+[.]md)/g, '[$1]($1)');
}
