import type { AuditEntryView } from '../../../src/api/schemas/history';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { ServerEvent } from '../../../src/cli/event-reader';
import type { News } from '../model/board';
import { waitBefore } from '../model/connection';
import { Refused, sentenceOf, type Client } from './client';

/** Three heartbeats: a stream that is silent for longer has ended without saying so. */
const SILENCE_MS = 45_000;
const NUMBERS_MS = 5_000;

export interface Follower {
  readonly client: Client;
  readonly tell: (news: News) => void;
  /** The token is not good any more. */
  readonly onSignedOut: (why: string) => void;
}

/** Follows everything that the page shows, until told to stop. What fails is tried again, and said. */
export function follow(follower: Follower): () => void {
  const abort = new AbortController();
  void followEvents(follower, abort.signal);
  void followNumbers(follower, abort.signal);
  return () => abort.abort();
}

async function followEvents({ client, tell, onSignedOut }: Follower, stopped: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let attempt = 0;
  let isLive = false;
  const hear = (events: readonly ServerEvent[]): void => {
    if (!isLive) tell({ kind: 'live' });
    isLive = true;
    attempt = 0;
    for (const event of events) {
      lastEventId = event.id ?? lastEventId;
      tellOf(event, tell);
    }
  };
  while (!stopped.aborted) {
    const ended = new AbortController();
    try {
      void askForHistory(client, tell, AbortSignal.any([stopped, ended.signal]));
      await listen(client, { lastEventId, stopped, hear });
      tell({ kind: 'lost', nowMs: Date.now(), why: 'the stream of events has ended' });
    } catch (error) {
      if (isOver(stopped)) return;
      if (error instanceof Refused && error.status === 401) {
        onSignedOut(error.message);
        return;
      }
      tell({ kind: 'lost', nowMs: Date.now(), why: sentenceOf(error) });
    } finally {
      ended.abort();
    }
    isLive = false;
    await pause(waitBefore(attempt, Math.random()), stopped);
    attempt += 1;
  }
}

/** It stands in the store. While that is away the page shows all the rest, above all the way back. */
async function askForHistory(client: Client, tell: (news: News) => void, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      const page = await client.history(undefined);
      if (!isOver(over)) tell({ kind: 'newest', page });
      return;
    } catch (error) {
      if (!isOver(over)) tell({ kind: 'newest', page: { missing: sentenceOf(error) } });
    }
    await pause(NUMBERS_MS, over);
  }
}

/** Asked anew each time: it changes while something is waited for. */
function isOver(stopped: AbortSignal): boolean {
  return stopped.aborted;
}

interface Listening {
  readonly lastEventId: string | undefined;
  readonly stopped: AbortSignal;
  readonly hear: (events: readonly ServerEvent[]) => void;
}

async function listen(client: Client, { lastEventId, stopped, hear }: Listening): Promise<void> {
  const silent = new AbortController();
  let timer = 0;
  const stillThere = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => silent.abort(new Error('the server has fallen silent')), SILENCE_MS);
  };
  stillThere();
  try {
    await client.events(lastEventId, AbortSignal.any([stopped, silent.signal]), (events) => {
      stillThere();
      hear(events);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The schemas are the server's own, and the page came from that server. */
function tellOf({ event, data }: ServerEvent, tell: (news: News) => void): void {
  const content: unknown = JSON.parse(data);
  if (event === 'rollout') tell({ kind: 'view', view: content as RolloutView });
  if (event === 'audit') tell({ kind: 'entry', entry: content as AuditEntryView });
  if (event === 'traffic')
    tell({
      kind: 'share',
      effectivePercentage: (content as Pick<RolloutView, 'effectivePercentage'>).effectivePercentage,
    });
}

/** A page that nobody looks at asks for nothing. */
async function followNumbers({ client, tell }: Follower, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    if (!document.hidden) await askForNumbers(client, tell).catch(() => undefined);
    await pause(NUMBERS_MS, stopped);
  }
}

/** What fails here fails for the events too, and is said there. */
async function askForNumbers(client: Client, tell: (news: News) => void): Promise<void> {
  const [slos, traffic] = await Promise.all([client.slos(), client.traffic()]);
  tell({ kind: 'numbers', slos, traffic });
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    }
    stopped.addEventListener('abort', done);
  });
}
