import { Command, Option } from 'commander';
import { AppError } from '../kernel/errors';
import type { CommandParts } from './command-parts';
import { configurationFaults, type ConfigurationFault } from './configuration-faults';
import { whole } from './options';

interface CheckOptions {
  readonly devices?: number;
  readonly commandsPerSecond?: number;
  readonly output: 'text' | 'json';
}

const HELP = `
Reads the configuration as the server would, with its variables, then the objectives and the ladder that it names, and
says everything that is wrong at once; the tokens too, where their file is at hand. Told the size of the fleet, it also says what could never be reached.

Example:
  pointsman check /etc/pointsman.yaml --devices 5000 --commands-per-second 40`;

const MAX_DEVICES = 10_000_000;
const MAX_RATE = 1_000_000;

/** `pointsman check`: whether a configuration can work, before a server is started with it. */
export function checkCommand({ io, environment }: CommandParts): Command {
  return new Command('check')
    .description('say everything that is wrong with a configuration, its tokens, objectives and ladder')
    .argument('<config>', 'YAML configuration')
    .addOption(whole('--devices <count>', 'devices of the fleet', [1, MAX_DEVICES]))
    .addOption(whole('--commands-per-second <count>', 'commands that they get together', [1, MAX_RATE]))
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action((file: string, options: CheckOptions, command: Command) => {
      const fleet = fleetOf(options, command);
      const faults = configurationFaults({ file, environment, fleet });
      io.out(options.output === 'json' ? json(file, faults) : text(file, faults));
      if (faults.length === 0) return;
      const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
      throw new AppError('config.invalid', `${file} has ${count}`, { faults });
    });
}

function fleetOf(
  { devices, commandsPerSecond }: CheckOptions,
  command: Command,
): { devices: number; commandsPerSecond: number } | undefined {
  if (devices !== undefined && commandsPerSecond !== undefined) return { devices, commandsPerSecond };
  if (devices === undefined && commandsPerSecond === undefined) return undefined;
  return command.error('error: --devices and --commands-per-second are given together or not at all');
}

function json(file: string, faults: readonly ConfigurationFault[]): string {
  return `${JSON.stringify({ file, ok: faults.length === 0, faults }, undefined, 2)}\n`;
}

function text(file: string, faults: readonly ConfigurationFault[]): string {
  if (faults.length === 0) return `${file}: nothing is wrong with it\n`;
  return faults.map(({ of, sentence }) => `${of}: ${sentence}\n`).join('');
}
