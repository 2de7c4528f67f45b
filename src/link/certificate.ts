import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { readFileIfPresent, writeFileAtomically } from '../kernel/atomic-file';
import { AppError, messageOf } from '../kernel/errors';
import type { Identity } from './tls-policy';

/** Captured devices negotiate RSA key exchange only, so an elliptic-curve key would lock them out (protocol 4.1). */
const KEY_BITS = 2048;
const VALID_DAYS = 3650;
const COMMON_NAME = 'pointsman';

/** The certificate that the operator gave. */
export async function readIdentity(certFile: string, keyFile: string): Promise<Identity> {
  try {
    return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
  } catch (error) {
    throw new AppError(
      'config.invalid',
      `the devices' certificate cannot be read: ${messageOf(error)}`,
      {},
      error,
    );
  }
}

/** A self-signed certificate, made once and kept in the state directory. Devices do not check it. */
export async function ownIdentity(folder: string, nowMs: number): Promise<Identity> {
  const path = join(folder, 'device-tls.json');
  const known = await readFileIfPresent(path);
  if (known !== undefined) return JSON.parse(known) as Identity;
  const identity = await newIdentity(nowMs);
  await writeFileAtomically(path, `${JSON.stringify(identity)}\n`);
  return identity;
}

/** A self-signed certificate that nobody keeps. */
export async function newIdentity(nowMs: number): Promise<Identity> {
  const notAfterDate = new Date(nowMs + VALID_DAYS * 86_400_000);
  const { cert, private: key } = await generate([{ name: 'commonName', value: COMMON_NAME }], {
    keySize: KEY_BITS,
    algorithm: 'sha256',
    notAfterDate,
  });
  return { cert, key };
}
