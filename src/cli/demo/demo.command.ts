import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Environment } from '../../config/environment';
import { loadConfig } from '../../config/load';
import { toldToStop } from '../../kernel/signals';
import type { CommandParts } from '../command-parts';
import { STORIES } from './story/stories';
import { storyConfig } from './story/story-config';
import type { Story } from './story/story';

/** Below the configuration file and the environment. */
const DEFAULTS = { logLevel: 'warn', devices: { plainPort: 23_778 }, rollout: { seedPercentage: 10 } };

interface DemoOptions {
  readonly config?: string;
  readonly scenario?: string;
  readonly keep: boolean;
}

const HELP = `
Without a scenario it runs until Ctrl-C, at 10 %. A scenario plays by itself, says what happens and why, step by step, and
ends with 0; it brings its own settings, a fresh state and a ladder in which seconds stand for days. When a step does not
come to its end in time, it says which and ends with 1.

Examples:
  POINTSMAN_HTTP_PORT=8090 pointsman demo
  pointsman demo --scenario rollback
  pointsman demo --scenario full --keep`;

/** `pointsman demo`: everything in one process, on embedded defaults. */
export function demoCommand(parts: CommandParts): Command {
  const names = STORIES.map(({ name }) => name);
  return new Command('demo')
    .description('run everything at once: server, simulated fleet, an application that sends commands')
    .option('--config <file>', 'YAML configuration (default: POINTSMAN_CONFIG)')
    .addOption(new Option('--scenario <name>', 'play a story and end').choices(names).conflicts('config'))
    .option('--keep', 'stay when the story is over, until Ctrl-C', false)
    .addHelpText('after', HELP)
    .action((options: DemoOptions, command: Command) => {
      const story = STORIES.find(({ name }) => name === options.scenario);
      if (options.keep && story === undefined) command.error('error: --keep belongs to --scenario');
      return story === undefined ? live(parts, options) : play(parts, story, options.keep);
    });
}

async function live({ io, environment }: CommandParts, { config }: DemoOptions): Promise<void> {
  const stop = toldToStop();
  const state = await stateFolder(environment.POINTSMAN_STATE_DIR);
  try {
    const defaults = { ...DEFAULTS, stateDir: state.path };
    const settings = loadConfig({ file: config ?? environment.POINTSMAN_CONFIG, environment, defaults });
    // Loaded only now: every other command would wait for the whole server to load.
    const { runDemo } = await import('./run-demo.js');
    await runDemo({ config: settings, stop, out: (text) => io.out(text) });
  } finally {
    await state.dispose();
  }
}

async function play({ io, environment }: CommandParts, story: Story, keep: boolean): Promise<void> {
  const stop = toldToStop();
  const state = await stateFolder(undefined);
  try {
    const config = storyConfig(story, environment, state.path);
    const { runStory } = await import('./story/run-story.js');
    await runStory({ story, config, keep, stop, out: (text) => io.out(text) });
  } finally {
    await state.dispose();
  }
}

/** A folder of its own for each run, unless one is named: then that one is kept. */
async function stateFolder(
  named: Environment[string],
): Promise<{ path: string; dispose: () => Promise<void> }> {
  if (named !== undefined) return { path: named, dispose: async () => {} };
  const path = await mkdtemp(join(tmpdir(), 'pointsman-demo-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}
