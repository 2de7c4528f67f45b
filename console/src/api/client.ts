import type { MeView, RecentTrafficView } from '../../../src/api/schemas/overview';
import type { HistoryView } from '../../../src/api/schemas/history';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { SlosView } from '../../../src/api/schemas/slos';
import { EventReader, type ServerEvent } from '../../../src/cli/event-reader';
import type { ApiRequest } from '../model/wish';

const TIMEOUT_MS = 15_000;
const HISTORY_PAGE = 20;

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** The API, as the page needs it. The token goes into a header and nowhere else. */
export class Client {
  constructor(private readonly token: string | undefined) {}

  me = (): Promise<MeView> => this.get('v1/me');
  rollout = (): Promise<RolloutView> => this.get('v1/rollout');
  slos = (): Promise<SlosView> => this.get('v1/slos');
  traffic = (): Promise<RecentTrafficView> => this.get('v1/traffic');

  history(after: string | undefined): Promise<HistoryView> {
    const query = new URLSearchParams({ limit: String(HISTORY_PAGE), ...(after ? { after } : {}) });
    return this.get(`v1/rollout/history?${query.toString()}`);
  }

  /** A change that is meant for one revision, and for no other. */
  change({ method, path, body }: ApiRequest, revision: number): Promise<RolloutView> {
    const headers = { 'content-type': 'application/json', 'if-match': `"${revision}"` };
    return this.json(path, { method, headers, body: JSON.stringify(body) });
  }

  /** Tells of each message, and of each sign of life; resolves when the stream ends. */
  async events(
    lastEventId: string | undefined,
    signal: AbortSignal,
    hear: (events: readonly ServerEvent[]) => void,
  ): Promise<void> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await this.fetch('v1/rollout/events', { headers, signal });
    if (!response.body) throw new Error('the server sent no stream');
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const messages = new EventReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      hear(messages.take(decoder.decode(value, { stream: true })));
    }
  }

  private get<T>(path: string): Promise<T> {
    return this.json(path, {});
  }

  private async json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return (await response.json()) as T;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(path, {
      ...init,
      headers: { ...(init.headers as Record<string, string> | undefined), ...authorization },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, detail } = (problem ?? {}) as { code?: unknown; detail?: unknown };
  return new Refused(
    response.status,
    typeof code === 'string' ? code : 'unknown',
    typeof detail === 'string' ? detail : `the server answered ${response.status}`,
  );
}

/** A sentence about anything that went wrong. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'the server did not answer in time';
  return error instanceof TypeError ? 'the server cannot be reached' : String(error);
}
