import type { Config } from '../../../config/schema';
import { systemClock } from '../../../kernel/clock';
import { CALM } from '../../../simulator/chaos-settings';
import { terminalColumns } from '../run-demo';
import { runLive } from '../run-live';
import { openWorld, type DemoWorld } from '../world';
import type { Stagehand, Story } from './story';
import { tell } from './tell';
import { indented } from './wrap';

export interface StoryRun {
  readonly story: Story;
  readonly config: Config;
  /** Stay when the story is over, until told to stop. */
  readonly keep: boolean;
  /** Resolves when it is to end. */
  readonly stop: Promise<void>;
  readonly out: (text: string) => void;
}

/** Plays a story on a world of its own and ends it. Rejects when the story does not come to its end. */
export async function runStory({ story, config, keep, stop, out }: StoryRun): Promise<void> {
  const { devices, commandsPerSecond } = story;
  const world = await openWorld(config, { devices, commandsPerSecond });
  let stopped = false;
  void stop.then(() => (stopped = true));
  try {
    out(prologue(story, world));
    world.start();
    await tell(story, {
      stagehand: stagehandOf(world),
      traffic: () => world.tally.view(),
      clock: systemClock,
      out,
      stopped: () => stopped,
    });
    if (!keep) return;
    out('It stays as it is until Ctrl-C.\n\n');
    await runLive({ ...world, clock: systemClock, out, columns: terminalColumns }, stop);
  } finally {
    await world.stop();
  }
}

function stagehandOf({ client, fleet }: DemoWorld): Stagehand {
  return {
    call: (call, schema) => client.call(call, schema),
    rollout: () => client.rollout(),
    breakNewPath: () => fleet.useChaos({ ...CALM, only: 'new', partition: 'both' }),
    repairNewPath: () => fleet.useChaos(CALM),
  };
}

/** Where to look while it plays. `token: …` stands on a line of its own, for scripts. */
function prologue(
  { title, compressed, steps, devices, commandsPerSecond }: Story,
  { ports, token }: DemoWorld,
): string {
  const url = `http://127.0.0.1:${ports.http}`;
  const port = ports.http === 8080 ? '' : `POINTSMAN_HTTP_PORT=${ports.http} `;
  return `
${title}: ${steps.length} steps, ${devices} simulated devices, ${commandsPerSecond} commands/s. Nobody needs to press anything.
${indented(compressed, '')}
  console  ${url}/
  API      ${url}/v1/rollout
  metrics  http://127.0.0.1:${ports.metrics}/metrics

token: ${token}

Watch it in another terminal (it finds the token by itself):
  ${port}node dist/cli/main.js status --watch
`;
}
