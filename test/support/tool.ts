import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The folder of the repository. */
export const ROOT = join(__dirname, '..', '..');

export interface ToolRun {
  readonly status: number | null;
  /** Both streams. */
  readonly said: string;
}

export interface ToolSettings {
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs a program that npm does not bring (scripts/lib/tools.mjs) to its end. */
export function runTool(
  binary: 'promtool' | 'amtool',
  args: readonly string[],
  { cwd = ROOT, input = '' }: ToolSettings = {},
): ToolRun {
  const { error, status, stdout, stderr } = spawnSync(binary, args, { cwd, input, encoding: 'utf8' });
  if (error) throw new Error(`${binary} is not on the PATH; npm test installs it`, { cause: error });
  return { status, said: `${stdout}${stderr}` };
}
