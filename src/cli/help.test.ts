import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { commandLinePart, helpOf } from './command-line-page';
import { program } from './main';

const whole = program({ io: { out: () => {}, err: () => {}, stdin: Readable.from([]) }, environment: {} });
const commands: readonly Command[] = whole.commands;

describe('the help', () => {
  it.each(commands.map((command) => [command.name(), command] as const))(
    'of %s has an example that begins with the program and names the command',
    (name, command) => {
      expect(helpOf(command)).toMatch(
        new RegExp(`Examples?:\\n(.*\\n)*? {2}([A-Z_]+=\\S+ )*pointsman ${name}\\b`),
      );
    },
  );

  it.each(commands.map((command) => [command.name(), command] as const))(
    'of %s says what the command is for',
    (_name, command) => {
      expect(command.description()).toMatch(/\w/);
    },
  );

  it('is what docs/command-line.md says; pointsman generate writes it', () => {
    const page = readFileSync(resolve(__dirname, '../../docs/command-line.md'), 'utf8');
    expect(commandLinePart(whole).contentFrom(page)).toBe(page);
  });

  const steering = commands.filter(({ options }) => options.some(({ long }) => long === '--reason'));
  it('wants a reason for everything that changes something', () => {
    expect(steering.map((command) => command.name()).sort()).toEqual(
      [
        ...['approve', 'drill', 'freeze', 'holdback', 'mirror', 'pause', 'pin', 'promote'],
        ...['release', 'resume', 'rollback', 'set', 'unfreeze'],
      ].sort(),
    );
    for (const { options } of steering)
      expect(options.find(({ long }) => long === '--reason')?.mandatory).toBe(true);
  });
});
