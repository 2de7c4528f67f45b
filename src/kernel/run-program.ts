import { AppError } from './errors';

/**
 * Runs a program to its end. What fails is reported in one line when a person can mend it, with the whole trace
 * when only a programmer can, and makes the exit code `exitCodeOf` gives.
 */
export function runProgram(
  program: () => Promise<void>,
  exitCodeOf: (error: unknown) => number = () => 1,
): void {
  program().catch((error: unknown) => {
    process.stderr.write(`pointsman: ${textOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
  });
}

function textOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
