import type { Environment } from './environment';

/** The variables of this process, copied: nothing else reads them, and nothing can be written back to them. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
