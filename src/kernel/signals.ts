const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Exit codes after a second signal, as shells give them: 128 and the signal's number. */
const FORCED: Readonly<Record<(typeof SIGNALS)[number], number>> = { SIGINT: 130, SIGTERM: 143 };

/** Resolves when the process is told to stop. A second signal ends it at once. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (told) process.exit(FORCED[signal]);
        told = true;
        resolve();
      });
    }
  });
}
