import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * Bytes that must never reach a log, an error or an answer. Printing, JSON and string conversion all give a
 * placeholder; only `expose`, which is easy to find in a review, gives the content.
 */
export class Secret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  expose(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
