import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenError, portOf, type ListenAddress } from '../kernel/listen-error';

/** What a request was answered with: a status and a JSON body. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `METHOD /path` → what it does with the request's body, parsed from JSON; undefined when there was none. */
export type ControlRoutes = Readonly<Record<string, (body: unknown) => ControlAnswer>>;

export interface ControlServerParts {
  readonly address: ListenAddress;
  readonly token: string;
  readonly routes: ControlRoutes;
}

const MAX_BODY_BYTES = 65_536;
const LOOPBACK_HOST = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost)(:\d{1,5})?$/;

/**
 * A few JSON calls for the person at this machine: on loopback, with a bearer token, and with a loopback Host, so that
 * no web page reaches it through a name of its own (protocol, trap 27).
 */
export class ControlServer {
  private readonly server: Server;

  constructor(private readonly parts: ControlServerParts) {
    this.server = createServer((request, response) => void this.onRequest(request, response));
  }

  get port(): number {
    return portOf(this.server.address());
  }

  async start(): Promise<void> {
    const { address } = this.parts;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(listenError(error, address)));
      this.server.listen(address.port, address.host, resolve);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.refusal(request) ?? (await this.answer(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  }

  private refusal({ headers }: IncomingMessage): ControlAnswer | undefined {
    if (!LOOPBACK_HOST.test(headers.host ?? '')) return refused(403, 'the Host must be a loopback address');
    if (headers.origin !== undefined) return refused(403, 'no web page may call this');
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    return isSame(token, this.parts.token)
      ? undefined
      : refused(401, 'this needs the bearer token that was printed at the start');
  }

  private async answer(request: IncomingMessage): Promise<ControlAnswer> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const { routes } = this.parts;
    const name = `${request.method ?? ''} ${path}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) return refused(404, `there is only ${Object.keys(routes).join(', ')}`);
    const text = await bodyOf(request);
    if (text === undefined) return refused(413, `a body has at most ${MAX_BODY_BYTES} bytes`);
    if (text === '') return route(undefined);
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return refused(415, 'the body must be application/json');
    const body = parsed(text);
    return body === undefined ? refused(400, 'the body is not valid JSON') : route(body);
  }
}

/** A refusal that says why. */
export function refused(status: number, error: string): ControlAnswer {
  return { status, body: { status: 'error', error } };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Undefined when it is too long or the caller went away. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
