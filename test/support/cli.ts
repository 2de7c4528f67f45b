import { Readable } from 'node:stream';
import { exitCodeOf } from '../../src/cli/exit-codes';
import { program } from '../../src/cli/main';
import { messageOf } from '../../src/kernel/errors';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the command line in this process, with these variables and no others. */
export async function cli(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliResult> {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    stdin: Readable.from([]),
  };
  try {
    await program({ io, environment }).parseAsync(args, { from: 'user' });
    return { code: 0, out, err };
  } catch (error) {
    return { code: exitCodeOf(error), out, err: `${err}${messageOf(error)}\n` };
  }
}
