import type { Environment } from '../config/environment';
import type { CliIo } from './io';

/** What the commands need of the outside. */
export interface CommandParts {
  readonly io: CliIo;
  readonly environment: Environment;
}
