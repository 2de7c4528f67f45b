import { Readable } from 'node:stream';
import { CommanderError, type Command, type Option } from 'commander';
import { program } from '../../src/cli/main';
import { commandsIn, inlineCode, pages, type Page } from '../support/markdown';

const PROGRAM = /^(?:[A-Z_]+=\S+ +)*(?:pointsman|node dist\/cli\/main\.js)(?= |$)/;

/** Words of a shell command up to its end, without expansions. */
function wordsOf(command: string): string[] {
  const [own = ''] = command.split(/ (?:[|&<>]|&&|2>)(?= |$)|;|[|)]$/);
  return [...own.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

/** All that pages show of the command line: blocks, indented examples, and code in sentences. */
function invocationsIn(page: Page): string[] {
  const blocks = page.blocks.filter(({ language }) => /^(sh|console|yaml)$/.test(language));
  const indented = page.prose.filter((line) => line.startsWith('    ')).join('\n');
  return [...blocks.map(({ text }) => text), indented]
    .flatMap(commandsIn)
    .concat(inlineCode(page))
    .map((line) => line.replace(/^[$-] /, ''))
    .filter((line) => PROGRAM.test(line))
    .map((line) => line.replace(PROGRAM, '').trim());
}

const whole = program({ io: { out: () => {}, err: () => {}, stdin: Readable.from([]) }, environment: {} });

/** What the command line would say against it; nothing is run. */
function faultOf(invocation: string): string | undefined {
  const [name = '', ...rest] = wordsOf(invocation);
  const words = rest.filter((word) => word !== '--help');
  if (!/^[a-z]/.test(name)) return undefined;
  const command = whole.commands.find((each) => each.name() === name);
  if (!command) return `no command ${name}`;
  const unknown = words
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split('=')[0] ?? '')
    .filter((flag) => !optionOf(command, flag));
  if (unknown.length > 0) return `${name} has no ${unknown.join(', ')}`;
  return argumentFault(command, words);
}

function optionOf({ options }: Command, flag: string): Option | undefined {
  return options.find(({ short, long }) => flag === short || flag === long);
}

/** Values of arguments and options are checked by the definitions themselves. */
function argumentFault(command: Command, words: readonly string[]): string | undefined {
  const complete = !words.some((word) => /[<…$[]/.test(word)) && words.length > 0;
  if (!complete) return undefined;
  try {
    const { operands, unknown } = command.parseOptions([...words]);
    const most = command.registeredArguments.some(({ variadic }) => variadic)
      ? Infinity
      : command.registeredArguments.length;
    if (operands.length > most) return `${command.name()} takes no ${operands.slice(most).join(' ')}`;
    if (unknown.length > 0) return `${command.name()} does not know ${unknown.join(' ')}`;
    return choiceFault(command, operands);
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function choiceFault(command: Command, operands: readonly string[]): string | undefined {
  const wrong = command.registeredArguments.find(
    ({ argChoices }, at) => argChoices && operands[at] !== undefined && !argChoices.includes(operands[at]),
  );
  return wrong && `${command.name()} wants one of ${wrong.argChoices?.join(', ')}`;
}

const all = pages().map((page) => [page.path, invocationsIn(page)] as const);

test.each(all.filter(([, invocations]) => invocations.length > 0))(
  '%s shows commands of the command line as they are',
  (_path, invocations) => {
    const faults = invocations
      .map((each) => [each, faultOf(each)])
      .filter(([, fault]) => fault !== undefined);
    expect(faults).toEqual([]);
  },
);

test('many are seen', () => {
  expect(all.flatMap(([, invocations]) => invocations).length).toBeGreaterThan(100);
});

test.each([
  ['status --wach', 'status has no --wach'],
  ['roll', 'no command roll'],
  ['pin 37962469 old --reason "x"', 'pin wants one of new, legacy, none'],
  ['pause now --reason "x"', 'pause takes no now'],
  ['status --output xml', /xml/],
])('a mistake is found: pointsman %s', (invocation, fault) => {
  expect(faultOf(invocation)).toEqual(fault instanceof RegExp ? expect.stringMatching(fault) : fault);
});
