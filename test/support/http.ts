import { request as httpRequest } from 'node:http';
import { z } from 'zod';
import { problemSchema, type Problem } from '../../src/api/schemas/problem';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON, unless `raw` is given. */
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of this type has no end to wait for. */
const ENDLESS = 'text/event-stream';

/** One request, with headers that `fetch` would not let a test set, such as Host and Origin. */
export function ask(url: string, { method, path, body, raw, headers }: Ask): Promise<Answer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      new URL(path, url),
      {
        method: method ?? (payload === undefined ? 'GET' : 'POST'),
        headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (response) => {
        const { statusCode: status = 0, headers } = response;
        if (headers['content-type']?.startsWith(ENDLESS)) {
          resolve({ status, headers, body: undefined });
          return void response.destroy();
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status, headers, body: parsed(text) }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}

/** The answer's body as a problem document; fails when it is none. */
export function problemOf({ body, headers }: Answer): Problem {
  expect(headers['content-type']).toContain('application/problem+json');
  return problemSchema.parse(body);
}

export function field(answer: Answer, name: string): unknown {
  return z.record(z.string(), z.unknown()).parse(answer.body)[name];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
