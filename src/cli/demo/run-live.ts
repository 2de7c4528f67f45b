import type { RolloutView } from '../../api/schemas/rollout';
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
  /** Columns of the terminal; undefined when what is written goes elsewhere. */
  readonly columns: () => number | undefined;
}

const LOOK_MS = 1000;
/** A log is not a screen: there a line every few seconds is enough. */
const LOOKS_PER_LOGGED_LINE = 5;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows what is going on until `stop` resolves: on a terminal one line that is written over, elsewhere line by line. */
export async function runLive(parts: LiveParts, stop: Promise<void>): Promise<void> {
  const { clock, client, out, columns } = parts;
  const say = (text: string): void => out(`${columns() === undefined ? '' : CLEAR_LINE}${text}\n`);
  let looks = 0;
  let last: RolloutView | undefined;
  const look = async (): Promise<void> => {
    const rollout = await client.rollout();
    const change = changeLine(last, rollout);
    last = rollout;
    looks += 1;
    if (change) say(change);
    const line = liveLine(parts.tally.view(), rollout, parts.fleet.status());
    const width = columns();
    // A line that wraps could not be written over.
    if (width !== undefined) out(`${CLEAR_LINE}${line.slice(0, width - 1)}`);
    else if (looks % LOOKS_PER_LOGGED_LINE === 0 || change) say(line);
  };
  // A look that fails shows nothing; the next one may succeed, and the server logs why.
  const cancel = clock.every(LOOK_MS, () => void look().catch(() => {}));
  await stop;
  cancel();
  say('stopping');
}
