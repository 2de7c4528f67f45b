import { readFile } from 'node:fs/promises';
import { withoutCredentials } from '../kernel/basic-credentials';
import type { Clock } from '../kernel/clock';
import { systemCodeOf } from '../kernel/errors';

/** How one try to deliver ended. `message` never holds an address or a header: both may be secrets. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly message: string; readonly again: boolean };

/** Delivers a body once. Never rejects. */
export type Post = (body: string) => Promise<Delivery>;

export interface PostSettings {
  readonly url?: string | undefined;
  readonly urlFile?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly secretFile?: string | undefined;
  readonly timeoutMs: number;
}

/** Answers after which the same request can succeed later. */
const AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);

/** Posts to an address of the configuration, follows no redirect, and waits no longer than it may. */
export function httpPost(settings: PostSettings, clock: Clock): Post {
  return async (body) => {
    const abort = new AbortController();
    const cancel = clock.after(settings.timeoutMs, () => abort.abort());
    try {
      return await deliver(settings, body, abort.signal);
    } catch (error) {
      const why = abort.signal.aborted ? `no answer within ${settings.timeoutMs} ms` : codeOf(error);
      return { kind: 'failed', message: why, again: true };
    } finally {
      cancel();
    }
  };
}

async function deliver(settings: PostSettings, body: string, signal: AbortSignal): Promise<Delivery> {
  const { url, headers } = withoutCredentials((await addressOf(settings)).href);
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...(await headersOf(settings)) },
    body,
    signal,
    redirect: 'manual',
  });
  // Nobody reads it, and unread it would keep the connection.
  await response.body?.cancel();
  return deliveryOf(response.status);
}

function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400)
    return {
      kind: 'failed',
      message: `answered with a redirect (${status}), which is not followed`,
      again: false,
    };
  return { kind: 'failed', message: `answered ${status}`, again: status >= 500 || AGAIN.has(status) };
}

async function addressOf({ url, urlFile }: PostSettings): Promise<URL> {
  const address = new URL(urlFile === undefined ? (url ?? '') : (await readFile(urlFile, 'utf8')).trim());
  if (address.protocol !== 'http:' && address.protocol !== 'https:')
    throw Object.assign(new Error('the protocol is not allowed'), { code: 'not an http or https address' });
  return address;
}

async function headersOf({ headers, secretFile }: PostSettings): Promise<Record<string, string>> {
  const secret = secretFile === undefined ? undefined : (await readFile(secretFile, 'utf8')).trim();
  return {
    ...headers,
    'content-type': 'application/json',
    ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
  };
}

/** The code alone: the text of such an error may quote the address. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return systemCodeOf(cause) ?? systemCodeOf(error) ?? 'could not be sent';
}
