import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { isDeviceId, type DeviceId } from '../kernel/device-id';
import { fromHex } from '../protocol/hex';
import { Credentials } from './credentials';

export interface CredentialFileParts {
  readonly folder: string;
  readonly limit: number;
  readonly clock: Clock;
  readonly observe: Observe;
}

const KEY_BYTES = 32;
/** SHA-256. */
const HASH_BYTES = 32;
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
    const text = await readFileIfPresent(path);
    const file = new CredentialFile(path, await keyIn(parts.folder, text === undefined), parts);
    if (text !== undefined) file.credentials.import(parseStored(text, path));
    return file;
  }

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    if (this.cancelSave) this.save();
    await this.saving;
    this.cancelSave?.();
  }

  private scheduleSave(): void {
    this.cancelSave ??= this.parts.clock.after(SAVE_DELAY_MS, () => this.save());
  }

  private save(): void {
    this.cancelSave?.();
    this.cancelSave = undefined;
    this.saving = this.saving
      .then(() => writeFileAtomically(this.path, `${JSON.stringify(this.credentials.export())}\n`))
      .catch((error: unknown) => {
        this.parts.observe({ kind: 'credentials_unsaved', message: messageOf(error) });
        this.scheduleSave();
      });
  }
}

async function keyIn(folder: string, mayBeMade: boolean): Promise<Uint8Array> {
  const path = join(folder, 'credential.key');
  const known = await readFileIfPresent(path);
  if (known !== undefined) return parseKey(known.trim(), path);
  if (!mayBeMade) throw unreadable(path, 'it is missing, and the hashes beside it depend on it');
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomically(path, `${key.toString('hex')}\n`);
  return key;
}

function parseKey(text: string, path: string): Uint8Array {
  const key = fromHex(text);
  if (key?.length !== KEY_BYTES) throw unreadable(path, `it does not hold ${KEY_BYTES} bytes in hex`);
  return key;
}

function parseStored(text: string, path: string): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(text);
    if (isHashRecord(stored)) return stored;
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
  throw unreadable(path, 'it does not hold hashes by device id');
}

function isHashRecord(value: unknown): value is Record<DeviceId, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([id, hash]) => isDeviceId(id) && isHash(hash));
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && Buffer.from(value, 'base64').length === HASH_BYTES;
}

/** Starting without it would believe every device anew, an impostor too; so somebody must decide that. */
function unreadable(path: string, why: string): AppError {
  return new AppError(
    'store.refused',
    `${path} cannot be read: ${why}. Restore it, or remove both credential files to trust each device anew at first sight`,
  );
}
