import type { Argument, Command, Option } from 'commander';
import { documentPart, type Artefact } from '../artefacts/artefact';

/** Described once for all commands that have them. */
const COMMON: ReadonlySet<string> = new Set(['--url', '--token-file', '--output', '--reason', '--if-match']);

/** The reference part of docs/command-line.md, from what the program itself answers to --help. */
export function commandLinePart(program: Command): Artefact {
  return documentPart('docs/command-line.md', 'commands', program.commands.map(section).join('\n\n'));
}

function section(command: Command): string {
  const own = command.options.filter(({ long, hidden }) => !hidden && !COMMON.has(long ?? ''));
  const rows = [...command.registeredArguments.map(argumentRow), ...own.map(optionRow)];
  const { about, examples } = extrasOf(command);
  return [
    `### \`pointsman ${[command.name(), ...command.registeredArguments.map(argumentName)].join(' ')}\``,
    sentence(command.description()),
    ...(rows.length > 0 ? [rows.join('\n')] : []),
    ...(about === '' ? [] : [`\`\`\`text\n${about}\n\`\`\``]),
    `\`\`\`sh\n${examples}\n\`\`\``,
  ].join('\n\n');
}

function argumentName(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentRow(argument: Argument): string {
  return row(argumentName(argument), [argument.description, choicesText(argument.argChoices)]);
}

function optionRow({
  flags,
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
  mandatory,
}: Option): string {
  const shown =
    defaultValueDescription ?? (typeof defaultValue === 'boolean' ? undefined : (defaultValue as unknown));
  return row(flags, [
    description,
    choicesText(argChoices),
    mandatory ? 'needed' : undefined,
    shown === undefined ? undefined : `default ${typeof shown === 'string' ? shown : JSON.stringify(shown)}`,
  ]);
}

function row(name: string, texts: readonly (string | undefined)[]): string {
  return `- \`${name}\`: ${texts.filter((text) => text !== undefined && text !== '').join('; ')}`;
}

function choicesText(choices: readonly string[] | undefined): string | undefined {
  return choices?.map((choice) => `\`${choice}\``).join(', ');
}

/** What a command says beside its options: what there is to know, and how it is typed. */
function extrasOf(command: Command): { readonly about: string; readonly examples: string } {
  const text = helpOf(command).slice(command.helpInformation().length).trim();
  const [about = '', examples = ''] = text.split(/^Examples?:\n/m);
  return { about: about.trim(), examples: examples.trim().replace(/^ {2}/gm, '') };
}

/** The help as it is printed, with what was added to it. */
export function helpOf(command: Command): string {
  const before = command.configureOutput();
  let text = '';
  command.configureOutput({ ...before, writeOut: (part) => void (text += part) });
  command.outputHelp();
  command.configureOutput(before);
  return text;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
