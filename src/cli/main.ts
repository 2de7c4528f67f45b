#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { processEnvironment } from '../config/process-environment';
import { runProgram } from '../kernel/run-program';
import { captureCommand } from './capture.command';
import { checkCommand } from './check.command';
import { commandLinePart } from './command-line-page';
import type { CommandParts } from './command-parts';
import { decodeCommand } from './decode.command';
import { demoCommand } from './demo/demo.command';
import { EXIT_HELP, exitCodeOf } from './exit-codes';
import { generateCommand } from './generate.command';
import type { CliIo } from './io';
import { legacyCommand } from './legacy.command';
import { replayCommand } from './replay.command';
import { reportCommand } from './report.command';
import { rolloutCommands } from './rollout/rollout.commands';
import { serveCommand } from './serve.command';
import { replayDecisionCommand } from './replay-decision.command';
import { sloCommand } from './slo.command';
import { simulateCommand } from './simulate.command';
import { toggleCommand } from './toggle.command';

/** The whole command line. */
export function program(parts: CommandParts): Command {
  const { io } = parts;
  const pointsman = new Command('pointsman')
    .description(
      'Moves a live fleet of devices from a legacy transport to a new one, and back by itself when it got worse.',
    )
    .addHelpText('after', EXIT_HELP);
  const commands = [
    demoCommand(parts),
    serveCommand(parts),
    ...rolloutCommands(parts),
    sloCommand(parts),
    reportCommand(parts),
    legacyCommand(parts),
    replayDecisionCommand(parts),
    checkCommand(parts),
    captureCommand(io),
    decodeCommand(io),
    generateCommand(io, () => [commandLinePart(pointsman)]),
    replayCommand(io),
    simulateCommand(io),
    toggleCommand(parts),
  ];
  for (const command of commands) pointsman.addCommand(command);
  for (const command of [pointsman, ...commands]) {
    command
      .exitOverride()
      .showHelpAfterError(
        `How it is used: ${command === pointsman ? '' : 'pointsman '}${command.name()} --help`,
      )
      .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  }
  return pointsman;
}

async function commandLine(argv: readonly string[]): Promise<void> {
  try {
    await program({ io: terminal, environment: processEnvironment() }).parseAsync(argv);
  } catch (error) {
    // The command line library has said already what was wrong, or shown the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = exitCodeOf(error);
  }
}

const terminal: CliIo = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin: process.stdin,
  columns: () => (process.stdout.isTTY ? process.stdout.columns : undefined),
};

/** Who reads has read enough, as `head` has: then there is nothing left to say, and no fault. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

if (require.main === module || process.argv[1] === 'pointsman') {
  process.stdout.on('error', endWithReader);
  void runProgram(() => commandLine(process.argv), exitCodeOf);
}
