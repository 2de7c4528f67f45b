import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * A running demo leaves its token in a folder that only its user can read, so that the command line finds it
 * without being told. It is gone when the demo ends.
 */
export function leaveDemoToken(httpPort: number, token: string): () => void {
  const folder = demoFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) return () => {};
  const file = fileOf(httpPort);
  writeFileSync(file, token, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The token of the demo that serves this URL on this machine, if there is one. */
export function demoToken(url: string): string | undefined {
  const { hostname, port } = new URL(url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname) || !isOwn(demoFolder())) return undefined;
  try {
    return readFileSync(fileOf(Number(port)), 'utf8');
  } catch {
    return undefined;
  }
}

function fileOf(httpPort: number): string {
  return join(demoFolder(), `demo-${httpPort}.token`);
}

function demoFolder(): string {
  return join(tmpdir(), `pointsman-${userInfo().username}`);
}

/** In a shared folder somebody else might have made it first. */
function isOwn(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats?.uid === userInfo().uid && (stats.mode & 0o077) === 0;
}
