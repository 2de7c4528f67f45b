import { CommanderError } from 'commander';
import { ServerRefusal, ServerUnreachable } from './client';
import { NotYet } from './not-yet';

/** What a script can tell apart. docs/operations.md has the table. */
const EXIT = {
  done: 0,
  failed: 1,
  misused: 2,
  refused: 3,
  unavailable: 4,
  notAllowed: 5,
  overtaken: 6,
  held: 7,
  unconfirmed: 8,
  /** `legacy`: not to be removed. */
  no: 9,
  notKnown: 10,
} as const;

export const EXIT_HELP = `
Exit codes: 0 done · 1 failed, or faults found · 2 wrong use of the command line · 3 refused by the server (the rule
            is in the message) · 4 the server cannot be reached or cannot do it now · 5 no token, a wrong one, or
            without the right role · 6 somebody changed the rollout meanwhile · 7 latched or frozen · 8 wants --yes
            9 legacy may not be removed · 10 whether it may is not known`;

const FIRST_SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;
const OF_STATUS: ReadonlyMap<number, number> = new Map([
  [401, EXIT.notAllowed],
  [403, EXIT.notAllowed],
  [412, EXIT.overtaken],
  [TOO_MANY_REQUESTS, EXIT.unavailable],
]);
const OF_CODE: ReadonlyMap<string, number> = new Map([
  ['rollout.latched', EXIT.held],
  ['rollout.frozen', EXIT.held],
  ['rollout.confirmation_required', EXIT.unconfirmed],
  ['gate.closed', EXIT.unconfirmed],
]);

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.misused;
  if (error instanceof ServerUnreachable) return EXIT.unavailable;
  if (error instanceof NotYet) return error.answer === 'no' ? EXIT.no : EXIT.notKnown;
  return error instanceof ServerRefusal ? ofRefusal(error) : EXIT.failed;
}

function ofRefusal({ problem: { status, code } }: ServerRefusal): number {
  const known = OF_CODE.get(code) ?? OF_STATUS.get(status);
  return known ?? (status >= FIRST_SERVER_ERROR ? EXIT.unavailable : EXIT.refused);
}
