import { AppError } from '../kernel/errors';
import { newIdentity, readIdentity } from '../link/certificate';
import type { Identity } from '../link/tls-policy';

/** The certificate files that an operator gave, both or neither. */
export interface IdentityFiles {
  readonly cert?: string;
  readonly key?: string;
}

/** What a tool shows to devices over TLS: the operator's certificate, or one made for this run. */
export async function deviceSideIdentity({ cert, key }: IdentityFiles, nowMs: number): Promise<Identity> {
  if (cert === undefined && key === undefined) return newIdentity(nowMs);
  if (cert === undefined || key === undefined)
    throw new AppError('input.invalid', '--cert and --key belong together');
  return readIdentity(cert, key);
}
