import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenError, portOf } from './listen-error';
import { isLoopbackHost } from './loopback-host';

/** A request to a control port, as far as it matters. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there was no body. */
  readonly body: unknown;
}

/** What is answered, as JSON. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ControlServerParts {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly token: string;
  readonly answer: (request: ControlRequest) => ControlAnswer;
}

const HOST = '127.0.0.1';
const TOKEN_BYTES = 24;
const BODY_LIMIT_BYTES = 65_536;

/** A token for one run: it is printed at the start and written nowhere. */
export function newControlToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** An answer that says what was wrong. */
export function failed(status: number, error: string): ControlAnswer {
  return { status, body: { error } };
}

/**
 * A few JSON calls for the person at this machine: on loopback only, with a token of its own for each run. A page in a
 * browser here is kept out by the Host, the Origin and the token (protocol, trap 27).
 */
export class ControlServer {
  private readonly server: Server;

  constructor(private readonly parts: ControlServerParts) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  get port(): number {
    return portOf(this.server.address());
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  async start(): Promise<void> {
    const address = { host: HOST, port: this.parts.port };
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(listenError(error, address)));
      this.server.listen(address, resolve);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.refusal(request) ?? (await this.answerTo(request));
    if (response.destroyed) return;
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
  }

  private refusal({ headers }: IncomingMessage): ControlAnswer | undefined {
    if (!isLoopbackHost(headers.host)) return failed(403, 'the Host must be a loopback address');
    if (headers.origin !== undefined) return failed(403, 'pages may not ask');
    if (!isSame(headers.authorization ?? '', `Bearer ${this.parts.token}`))
      return failed(401, 'the token that was printed at the start is missing or wrong');
    return undefined;
  }

  private async answerTo(request: IncomingMessage): Promise<ControlAnswer> {
    const text = await bodyOf(request);
    if (text === undefined) return failed(413, `a body may have ${BODY_LIMIT_BYTES} bytes`);
    if (text !== '' && !isJson(request)) return failed(415, 'the body must be application/json');
    const body = text === '' ? { value: undefined } : parsed(text);
    if (!body) return failed(400, 'the body is not valid JSON');
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', `http://${HOST}`);
    return this.parts.answer({ method: request.method ?? 'GET', path, query, body: body.value });
  }
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

/** Undefined: it is too long, or the caller went away. What is too long is read to its end, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return length <= BODY_LIMIT_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/** The value in an object of its own: `null` and `false` are JSON too. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
