import type { RolloutView } from '../../api/schemas';
import type { Clock } from '../../kernel/clock';
import type { Fleet } from '../../simulator/fleet';
import type { Client } from '../client';
import { changeLine, liveLine } from './live-line';
import type { Tally } from './tally';

export interface LiveParts {
  readonly client: Client;
  readonly tally: Tally;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly out: (text: string) => void;
  readonly isTerminal: boolean;
}

const LOOK_MS = 1000;
/** A log is not a screen: there a line every few seconds is enough. */
const LOOKS_PER_LOGGED_LINE = 5;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows what is going on until `stop` resolves: on a terminal one line that is written over, elsewhere line by line. */
export async function runLive(parts: LiveParts, stop: Promise<void>): Promise<void> {
  const { clock, client, out, isTerminal } = parts;
  let looks = 0;
  let last: RolloutView | undefined;
  const look = async (): Promise<void> => {
    const rollout = await client.rollout();
    const change = changeLine(last, rollout);
    last = rollout;
    looks += 1;
    if (change) out(`${isTerminal ? CLEAR_LINE : ''}${change}\n`);
    const line = liveLine(parts.tally.view(), rollout, parts.fleet.status());
    if (isTerminal) out(`${CLEAR_LINE}${line}`);
    else if (looks % LOOKS_PER_LOGGED_LINE === 0 || change) out(`${line}\n`);
  };
  // A look that fails shows nothing; the next one may succeed, and the server logs why.
  const cancel = clock.every(LOOK_MS, () => void look().catch(() => {}));
  await stop;
  cancel();
  out(`${isTerminal ? CLEAR_LINE : ''}stopping\n`);
}
