import type { z } from 'zod';
import { problemSchema, type Problem } from '../api/schemas/problem';
import { rolloutSchema } from '../api/schemas/rollout';
import { AppError, messageOf } from '../kernel/errors';

/** Where a server is and how to be let in. */
export interface Endpoint {
  readonly url: string;
  readonly token: string | undefined;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the server refused, in its own words. */
export class ServerRefusal extends AppError {
  constructor(readonly problem: Problem) {
    super('input.invalid', `${problem.detail} (${problem.status} ${problem.code})`, problem);
    this.name = 'ServerRefusal';
  }
}

/** Nobody answers there. */
export class ServerUnreachable extends AppError {
  constructor(url: string, cause: unknown) {
    super(
      'store.unavailable',
      `no answer from ${url}: ${reasonOf(cause)}. Is the server running? --url or POINTSMAN_URL names another`,
      {},
      cause,
    );
    this.name = 'ServerUnreachable';
  }
}

const TIMEOUT_MS = 70_000;

/** Calls the HTTP API. An answer is checked against the schema that the server promises. */
export class Client {
  constructor(private readonly endpoint: Endpoint) {}

  async call<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.fetch(call);
    const content = parseJson(await response.text());
    if (!response.ok) throw refusal(response.status, content);
    const answer = schema.safeParse(content);
    if (answer.success) return answer.data;
    throw new AppError(
      'input.invalid',
      `${call.method} ${call.path} was answered with something else than expected; are server and command line of the same version?`,
    );
  }

  rollout(): Promise<z.output<typeof rolloutSchema>> {
    return this.call({ method: 'GET', path: '/v1/rollout' }, rolloutSchema);
  }

  private async fetch({ method, path, body, headers }: Call): Promise<Response> {
    const { url, token } = this.endpoint;
    try {
      return await fetch(new URL(path, url), {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new ServerUnreachable(url, error);
    }
  }
}

function refusal(status: number, content: unknown): ServerRefusal {
  const problem = problemSchema.safeParse(content);
  if (problem.success) return new ServerRefusal(problem.data);
  const detail = `the server answered ${status} without saying why`;
  return new ServerRefusal({ type: 'about:blank', title: 'Error', status, code: 'unknown', detail });
}

/** The connection error stands behind fetch's own, which says nothing. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
