import { viewWith } from '../../../test/support/rollout-views';
import type { RolloutView } from '../../api/schemas/rollout';
import { ManualClock } from '../../kernel/manual-clock';
import { ServerRefusal, ServerUnreachable } from '../client';
import type { ServerEvent } from '../event-reader';
import { Watch } from './watch';

type Stream = readonly ServerEvent[] | Error | 'silent';

/** A server whose answers a test prepares, and what a watch makes of them. */
class WatchBench {
  readonly clock = new ManualClock();
  readonly shown: string[] = [];
  readonly notes: string[] = [];
  readonly askedSince: (string | undefined)[] = [];
  looks: (RolloutView | Error)[] = [viewWith()];
  streams: Stream[] = [];
  stop: () => void = () => {};
  readonly ended: Promise<unknown>;

  constructor(prepare: (bench: WatchBench) => void) {
    prepare(this);
    const stopped = new Promise<void>((resolve) => (this.stop = resolve));
    const screen = {
      show: ({ plan, effectivePercentage }: RolloutView) =>
        void this.shown.push(`r${plan.revision} ${effectivePercentage ?? '-'}`),
      tell: ({ action }: { action: string }) => void this.shown.push(action),
      note: (text: string) => void this.notes.push(text),
    };
    const client = {
      rollout: () => this.look(),
      events: (since: string | undefined, signal: AbortSignal) => this.events(since, signal),
    };
    this.ended = new Watch({ client, screen, clock: this.clock, stopped }).run().then(
      () => 'in good order',
      (error: unknown) => error,
    );
  }

  private look(): Promise<RolloutView> {
    const next = this.looks.length > 1 ? this.looks.shift() : this.looks[0];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next as RolloutView);
  }

  private async *events(since: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    this.askedSince.push(since);
    const stream = this.streams.shift() ?? 'silent';
    if (stream instanceof Error) throw stream;
    if (stream !== 'silent') yield* stream;
    else
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      );
  }
}

function rolloutEvent(revision: number): ServerEvent {
  const view = viewWith();
  const data = JSON.stringify({ ...view, plan: { ...view.plan, revision } });
  return { event: 'rollout', data, id: String(revision) };
}

const traffic: ServerEvent = {
  event: 'traffic',
  data: '{"percentage":10,"effectivePercentage":4.5}',
  id: undefined,
};

describe('watching the rollout', () => {
  it('shows what it finds first, and every event after', async () => {
    const bench = new WatchBench((it) => (it.streams = [[rolloutEvent(18), traffic, rolloutEvent(19)]]));
    await bench.clock.advanceAsync(0);
    expect(bench.shown.slice(0, 4)).toEqual(['r17 9.84', 'r18 9.84', 'r18 4.5', 'r19 9.84']);
    bench.stop();
    expect(await bench.ended).toBe('in good order');
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('comes back with the revision that it saw last', async () => {
    const bench = new WatchBench((it) => (it.streams = [[rolloutEvent(18), traffic]]));
    await bench.clock.advanceAsync(2_000);
    expect(bench.askedSince).toEqual([undefined, '18']);
    bench.stop();
    await bench.ended;
  });

  it('asks every two seconds while there are no events to be had, and says so once', async () => {
    const full = new ServerRefusal({
      type: 'about:blank',
      title: '',
      status: 503,
      code: 'events.too_many',
      detail: 'too many read',
    });
    const bench = new WatchBench((it) => (it.streams = Array<Stream>(4).fill(full)));
    await bench.clock.advanceAsync(6_000);
    expect(bench.shown).toHaveLength(5);
    expect(bench.askedSince).toHaveLength(4);
    bench.stop();
    await bench.ended;
  });

  it('goes on when the server is away for a while, and says what is the matter', async () => {
    const away = new ServerUnreachable('http://x', new Error('refused'));
    const bench = new WatchBench((it) => {
      it.looks = [viewWith(), away, away, viewWith()];
      it.streams = [away, away, away];
    });
    await bench.clock.advanceAsync(4_000);
    expect(bench.notes).toEqual([
      expect.stringMatching(/^no answer from http:\/\/x: refused.*; trying again$/),
    ]);
    expect(bench.shown).toEqual(['r17 9.84', 'r17 9.84']);
    bench.stop();
    await bench.ended;
  });

  it('takes a stream that is silent for three heartbeats for ended', async () => {
    const bench = new WatchBench((it) => (it.streams = ['silent', [rolloutEvent(18)]]));
    await bench.clock.advanceAsync(44_999);
    expect(bench.askedSince).toHaveLength(1);
    await bench.clock.advanceAsync(2_001);
    expect(bench.shown).toContain('r18 9.84');
    bench.stop();
    await bench.ended;
  });

  it('ends when the first look fails', async () => {
    const away = new ServerUnreachable('http://x', new Error('refused'));
    expect(await new WatchBench((it) => (it.looks = [away])).ended).toBe(away);
  });

  it('ends when the token is taken away', async () => {
    const problem = { type: 'about:blank', title: '', status: 401, code: 'token.refused', detail: 'no' };
    const refused = new ServerRefusal(problem);
    const bench = new WatchBench((it) => (it.streams = [refused]));
    expect(await bench.ended).toBe(refused);
  });
});
