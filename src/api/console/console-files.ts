import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const PAGE = 'index.html';
const ASSETS = 'assets';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ConsoleFile {
  readonly body: Buffer;
  readonly mediaType: string;
  readonly etag: string;
}

/** The web console as it was built: one page, and what that names. Read once, at the start. */
export interface ConsoleFiles {
  readonly page: ConsoleFile;
  /** By file name; each name carries a hash of what is in it. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

/** Undefined when it was not built. */
export function readConsole(folder: string): ConsoleFiles | undefined {
  if (!existsSync(join(folder, PAGE))) return undefined;
  const assets = join(folder, ASSETS);
  const names = existsSync(assets) ? readdirSync(assets) : [];
  const served = names.filter((name) => extname(name) in MEDIA_TYPES);
  return {
    page: readOne(join(folder, PAGE)),
    assets: new Map(served.map((name) => [name, readOne(join(assets, name))])),
  };
}

function readOne(file: string): ConsoleFile {
  const body = readFileSync(file);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { body, mediaType: MEDIA_TYPES[extname(file)] as string, etag: `"${hash}"` };
}
