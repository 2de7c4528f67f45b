import { AppError } from './errors';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Exit codes after a second signal, as shells give them: 128 and the signal's number. */
const FORCED: Readonly<Record<(typeof SIGNALS)[number], number>> = { SIGINT: 130, SIGTERM: 143 };

/**
 * Starts something that runs until the process is told to stop, then stops it in good order. A second signal ends
 * the process at once. What cannot be started ends it with one line and exit code 1.
 */
export async function runUntilSignal(start: () => Promise<() => Promise<void>>): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    let seen = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (seen) process.exit(FORCED[signal]);
        seen = true;
        resolve();
      });
    }
  });
  try {
    const stop = await start();
    await signalled;
    await stop();
  } catch (error) {
    reportFailure(error);
  }
}

/** One line for what a person can mend; the whole trace for what only a programmer can. */
export function reportFailure(error: unknown): void {
  const text =
    error instanceof AppError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`pointsman: ${text}\n`);
  process.exitCode = 1;
}
