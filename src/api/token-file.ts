import { readFileSync, statSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { ROLES } from '../kernel/roles';
import { sha256, type Access, type TokenEntry } from './access';

const MIN_TOKEN_LENGTH = 16;
/** What a Bearer header can carry (RFC 6750). */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const WATCH_MS = 1000;

const ENTRY_RULE = `a token has a name, a role (${ROLES.join(', ')}) and either a token of at least ${MIN_TOKEN_LENGTH} letters, digits and -._~+/ or its sha256 in 64 hex digits`;
const FILE_RULE = 'the file holds one list, named tokens, with at least one entry';

const named = { name: z.string().min(1), role: z.enum(ROLES) };
const entry = z.union([
  z.strictObject({ ...named, token: z.string().min(MIN_TOKEN_LENGTH).regex(BEARER_TOKEN) }),
  z.strictObject({ ...named, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
]);
const tokenFile = z.strictObject({ tokens: z.array(entry).min(1) });

/** Reads a YAML file of bearer tokens: `tokens: [{name, role, token | sha256}]`. */
export function readTokens(file: string): TokenEntry[] {
  const parsed = tokenFile.safeParse(readYaml(file));
  if (!parsed.success) {
    const faults = new Set(parsed.error.issues.map(faultOf));
    throw new AppError('config.invalid', `${file}: ${[...faults].join('; ')}`);
  }
  const entries = parsed.data.tokens.map((entry) => ({
    name: entry.name,
    role: entry.role,
    sha256: 'sha256' in entry ? entry.sha256 : sha256(entry.token),
  }));
  if (new Set(entries.map((entry) => entry.sha256)).size < entries.length) {
    throw new AppError(
      'config.invalid',
      `${file}: a token is listed twice; which role it has would be chance`,
    );
  }
  return entries;
}

/** In words of this file's own: a misplaced token may be what the schema's words would quote. */
function faultOf({ path: [, index] }: z.core.$ZodIssue): string {
  return index === undefined ? FILE_RULE : `tokens.${String(index)}: ${ENTRY_RULE}`;
}

/** Takes over a changed file within a second. A file that became unreadable or wrong changes nothing and is reported. */
export function watchTokens(file: string, access: Access, about: { clock: Clock; observe: Observe }): Cancel {
  let seen = modifiedAt(file);
  return about.clock.every(WATCH_MS, () => {
    const now = modifiedAt(file);
    if (now === seen) return;
    seen = now;
    try {
      const tokens = readTokens(file);
      access.replaceTokens(tokens);
      about.observe({ kind: 'tokens_reloaded', count: tokens.length });
    } catch (error) {
      about.observe({ kind: 'tokens_refused', message: messageOf(error) });
    }
  });
}

function modifiedAt(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}:${stats.size}:${stats.ino}` : 'absent';
}

function readYaml(file: string): unknown {
  const refused = (why: string): AppError =>
    new AppError('config.invalid', `the tokens file ${file} cannot be read: ${why}`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw refused(messageOf(error));
  }
  try {
    return parseYaml(text, { logLevel: 'error' });
  } catch {
    // The parser's errors and warnings quote what is at fault, and that may be a token.
    throw refused('it is not YAML');
  }
}
