/** The outside of a command, so that a test can stand in for the terminal. */
export interface CliIo {
  /** Writes to standard output as it is: the caller ends its lines. */
  out(text: string): void;
  /** Writes to standard error as it is. */
  err(text: string): void;
  readonly stdin: NodeJS.ReadableStream;
  /** Width of the terminal that is written to; undefined when it is a file or a pipe. */
  readonly columns?: () => number | undefined;
}
