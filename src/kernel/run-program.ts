import { AppError } from './errors';

/** A program that failed half-way may hold timers and sockets; they must not keep it alive. */
const ENDS_WITHIN_MS = 1_000;

/**
 * Runs a program to its end. What fails is reported in one line when a person can mend it, with the whole trace
 * when only a programmer can, and makes the exit code `exitCodeOf` gives.
 */
export async function runProgram(
  program: () => Promise<void>,
  exitCodeOf: (error: unknown) => number = () => 1,
): Promise<void> {
  try {
    await program();
  } catch (error) {
    process.stderr.write(`pointsman: ${textOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
    setTimeout(() => process.exit(), ENDS_WITHIN_MS).unref();
  }
}

function textOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
