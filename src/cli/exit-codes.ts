import { CommanderError } from 'commander';
import { ServerRefusal, ServerUnreachable } from './client';

/** What a script can tell apart. */
const EXIT = {
  done: 0,
  failed: 1,
  misused: 2,
  refused: 3,
  unavailable: 4,
} as const;

export const EXIT_HELP = `
Exit codes: 0 done · 1 failed · 2 wrong use of the command line · 3 refused by the server (the rule is in the message)
            4 the server cannot be reached or cannot do it now`;

const FIRST_SERVER_ERROR = 500;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.misused;
  if (error instanceof ServerUnreachable) return EXIT.unavailable;
  if (error instanceof ServerRefusal)
    return error.problem.status >= FIRST_SERVER_ERROR ? EXIT.unavailable : EXIT.refused;
  return EXIT.failed;
}
