import { endAtTheLatestIn } from './watchdog';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Exit codes after a second signal, as shells give them: 128 and the signal's number. */
const FORCED: Readonly<Record<(typeof SIGNALS)[number], number>> = { SIGINT: 130, SIGTERM: 143 };

/** How long an end that was forced may take: whoever holds the log's pipe and does not read can keep an exit waiting. */
const FORCED_WITHIN_MS = 2_000;

/** Resolves when the process is told to stop. A second signal ends it at once. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (told) {
          endAtTheLatestIn(FORCED_WITHIN_MS);
          process.exit(FORCED[signal]);
        }
        told = true;
        resolve();
      });
    }
  });
}
