import type { Config } from '../../config/schema';
import { systemClock } from '../../kernel/clock';
import { runLive } from './run-live';
import { welcome } from './welcome';
import { openWorld } from './world';

const SIZE = { devices: 200, commandsPerSecond: 50 };

export interface DemoParts {
  readonly config: Config;
  /** Resolves when the demo is to end. */
  readonly stop: Promise<void>;
  readonly out: (text: string) => void;
}

/** Runs server, fleet and application until it is told to stop; then ends all three in good order. */
export async function runDemo({ config, stop, out }: DemoParts): Promise<void> {
  const world = await openWorld(config, SIZE);
  const { ports, token, fleet } = world;
  const { holdback, seedPercentage: percentage } = config.rollout;
  const { devices } = SIZE;
  out(welcome({ ports, token, percentage, holdback, devices, exampleDevice: fleet.devices[0]?.id ?? '' }));
  world.start();
  await runLive({ ...world, clock: systemClock, out, columns: terminalColumns }, stop);
  await world.stop();
}

/** Asked each time: a terminal may be resized. */
export function terminalColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}
