import type { z } from 'zod';
import { problemSchema, type Problem } from '../api/schemas/problem';
import { rolloutSchema } from '../api/schemas/rollout';
import { AppError, messageOf } from '../kernel/errors';
import { EventReader, type ServerEvent } from './event-reader';
import { printable, printableJson } from './printable';

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
  /** For answers that are long in the making. */
  readonly timeoutMs?: number;
}

/** What to do about a refusal, where the server cannot know it. */
const HELPS: Readonly<Record<number, string>> = {
  401: '. A token is given by POINTSMAN_TOKEN or --token-file',
};

/** What the server refused, in its own words. */
export class ServerRefusal extends AppError {
  constructor(readonly problem: Problem) {
    const help = HELPS[problem.status] ?? '';
    super('input.invalid', `${problem.detail} (${problem.status} ${problem.code})${help}`, problem);
    this.name = 'ServerRefusal';
  }
}

/** Nobody answers there. */
export class ServerUnreachable extends AppError {
  constructor(url: string, cause: unknown) {
    super(
      'store.unavailable',
      `no answer from ${url}: ${reasonOf(cause)}. Is the server running? --url or POINTSMAN_URL names another, such as another replica`,
      {},
      cause,
    );
    this.name = 'ServerUnreachable';
  }
}

/** A server that hangs is found out while somebody waits who could ask another. */
const TIMEOUT_MS = 10_000;
/** Of requests that may wait for Prometheus, or for devices. */
export const PATIENT_MS = 70_000;

/**
 * Calls the HTTP API. An answer is checked against the schema that the server promises, and freed of everything that
 * could steer a terminal.
 */
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

  /** What happens to the rollout, as it happens, until the server or `signal` ends it. */
  async *events(lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await this.fetch({ method: 'GET', path: '/v1/rollout/events', headers }, signal);
    if (!response.ok) throw refusal(response.status, parseJson(await response.text()));
    const reader = new EventReader();
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      for (const message of reader.take(decoder.decode(chunk as Uint8Array, { stream: true }))) {
        yield { ...message, data: JSON.stringify(parseJson(message.data)) };
      }
    }
  }

  private async fetch(
    { method, path, body, headers, timeoutMs = TIMEOUT_MS }: Call,
    signal = AbortSignal.timeout(timeoutMs),
  ): Promise<Response> {
    const { url, token } = this.endpoint;
    try {
      return await fetch(new URL(path, url), {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        signal,
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
  const detail = `what answered ${status} gave no reason, as the API of a Pointsman would`;
  return new ServerRefusal({ type: 'about:blank', title: 'Error', status, code: 'unknown', detail });
}

/** The connection error stands behind fetch's own, which says nothing. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'it took too long';
  const cause = error instanceof Error ? error.cause : undefined;
  return printable(messageOf(cause ?? error));
}

function parseJson(text: string): unknown {
  try {
    return printableJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}
