import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { Credentials } from './credentials';

export interface CredentialFileParts {
  readonly folder: string;
  readonly limit: number;
  readonly clock: Clock;
  readonly observe: Observe;
}

const KEY_BYTES = 32;
/** A fleet that dials in for the first time is written once, not once per device. */
const SAVE_DELAY_MS = 1000;

/** Keeps credentials in the state directory: hashes in one file, the key that they depend on in another. */
export class CredentialFile {
  readonly credentials: Credentials;
  private cancelSave: Cancel | undefined;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    key: Uint8Array,
    private readonly parts: CredentialFileParts,
  ) {
    this.credentials = new Credentials(key, parts.limit, () => this.scheduleSave());
  }

  static async open(parts: CredentialFileParts): Promise<CredentialFile> {
    const path = join(parts.folder, 'credentials.json');
    const file = new CredentialFile(path, await keyIn(parts.folder), parts);
    const text = await readFileIfPresent(path);
    if (text !== undefined) file.credentials.import(parseStored(text, path));
    return file;
  }

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    if (this.cancelSave) this.save();
    await this.saving;
  }

  private scheduleSave(): void {
    this.cancelSave ??= this.parts.clock.after(SAVE_DELAY_MS, () => this.save());
  }

  private save(): void {
    this.cancelSave?.();
    this.cancelSave = undefined;
    this.saving = this.saving
      .then(() => writeFileAtomically(this.path, `${JSON.stringify(this.credentials.export())}\n`))
      .catch((error: unknown) =>
        this.parts.observe({ kind: 'credentials_unsaved', message: messageOf(error) }),
      );
  }
}

async function keyIn(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'credential.key');
  const known = await readFileIfPresent(path);
  if (known !== undefined) return Buffer.from(known.trim(), 'hex');
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomically(path, `${key.toString('hex')}\n`);
  return key;
}

function parseStored(text: string, path: string): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(text);
    if (isTextRecord(stored)) return stored;
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
  throw unreadable(path, 'it does not hold hashes by device id');
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}

/** Starting without it would believe every device anew, an impostor too; so somebody must decide that. */
function unreadable(path: string, why: string): AppError {
  return new AppError(
    'store.refused',
    `${path} cannot be read: ${why}. Restore it, or remove it to trust each device anew at first sight`,
  );
}
