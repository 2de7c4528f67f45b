import type { Command } from 'commander';
import type { CommandParts } from '../command-parts';
import { automationCommands } from './automation.commands';
import { explainCommand } from './explain.command';
import { historyCommand } from './history.command';
import { statusCommand } from './status.command';
import { trafficCommands } from './traffic.commands';

/** The commands that read and steer a rollout. */
export function rolloutCommands(parts: CommandParts): Command[] {
  return [
    statusCommand(parts),
    ...trafficCommands(parts),
    ...automationCommands(parts),
    historyCommand(parts),
    explainCommand(parts),
  ];
}
