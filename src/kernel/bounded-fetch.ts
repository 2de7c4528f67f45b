import { withoutCredentials } from './basic-credentials';
import { messageOf, systemCodeOf } from './errors';

export interface FetchLimits {
  /** Until the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface FetchRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back; a status of 400 and above is an answer too. */
export type Fetched =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly text: string }
  /** `why` holds neither the URL nor a header: both may carry secrets. */
  | { readonly kind: 'unreachable'; readonly why: string };

/**
 * Asks another server, within a time and a size. Node's fetch has neither limit; a redirect is an error, because it
 * would lead a request to a place that nobody configured. A user and password in the address go into a header.
 */
export async function boundedFetch(
  address: string,
  request: FetchRequest,
  { timeoutMs, maxBytes }: FetchLimits,
): Promise<Fetched> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { url, headers } = withoutCredentials(address);
    const own = { ...request, headers: { ...headers, ...request.headers } };
    const response = await fetch(url, { ...own, redirect: 'error', signal });
    const text = await boundedText(response, maxBytes);
    if (text === undefined)
      return { kind: 'unreachable', why: `the answer is longer than ${maxBytes} bytes` };
    return { kind: 'answered', status: response.status, headers: response.headers, text };
  } catch (error) {
    return { kind: 'unreachable', why: signal.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error) };
  }
}

/** Undefined when it is too long; the rest is not read then. */
async function boundedText({ body }: Response, maxBytes: number): Promise<string | undefined> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, which ends the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Node's fetch says only "fetch failed"; the reason is behind it. What has none behind it may quote the request. */
function causeOf(thrown: unknown): string {
  const cause = (thrown as { cause?: unknown } | undefined)?.cause;
  if (cause === undefined) return systemCodeOf(thrown) ?? 'the request could not be made';
  return systemCodeOf(cause) ?? messageOf(cause);
}
