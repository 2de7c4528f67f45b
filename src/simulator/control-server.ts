import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../kernel/errors';
import { listenError, portOf } from '../kernel/listen-error';
import { controlAnswer, failed, type ControlAnswer, type ControlRequest } from './control-answers';
import type { Fleet } from './fleet';

const HOST = '127.0.0.1';
const BODY_LIMIT_BYTES = 65_536;
const TOKEN_BYTES = 24;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/**
 * The control port of a fleet: HTTP and JSON, on the loopback only, with a token of its own for each run. A page in a
 * browser of this machine is kept out by the Host, the Origin and the token.
 */
export class ControlServer {
  readonly token = randomBytes(TOKEN_BYTES).toString('base64url');
  private readonly server: Server;

  constructor(
    private readonly fleet: Fleet,
    /** 0 lets the system choose. */
    private readonly wantedPort: number,
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  get url(): string {
    return `http://${HOST}:${portOf(this.server.address())}`;
  }

  async start(): Promise<void> {
    const address = { host: HOST, port: this.wantedPort };
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
    const { status, body } = this.refusal(request) ?? (await this.answer(request));
    if (response.destroyed) return;
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
  }

  private refusal({ headers }: IncomingMessage): ControlAnswer | undefined {
    if (!LOOPBACK_HOST.test(headers.host ?? '')) return failed(403, 'the Host must be a loopback address');
    if (headers.origin !== undefined) return failed(403, 'pages may not ask');
    if (!isSame(headers.authorization ?? '', `Bearer ${this.token}`))
      return failed(401, 'the token that was printed at the start is missing or wrong');
    return undefined;
  }

  private async answer(request: IncomingMessage): Promise<ControlAnswer> {
    const bytes = await bodyOf(request);
    if (!bytes) return failed(413, `a body may have ${BODY_LIMIT_BYTES} bytes`);
    if (bytes.length > 0 && !isJson(request)) return failed(415, 'the body must be application/json');
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    const about = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
    return this.answered(about, bytes);
  }

  private answered(about: Omit<ControlRequest, 'body'>, bytes: Buffer): ControlAnswer {
    try {
      const body: unknown = bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
      return controlAnswer(this.fleet, { ...about, body });
    } catch (error) {
      return failed(400, `the body is no JSON: ${messageOf(error)}`);
    }
  }
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

/** Undefined: it is too long. What is too long is read to its end and forgotten, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return length <= BODY_LIMIT_BYTES ? Buffer.concat(chunks) : undefined;
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
