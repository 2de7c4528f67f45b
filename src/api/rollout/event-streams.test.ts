import { ManualClock } from '../../kernel/manual-clock';
import { Refusal } from '../refusal';
import { EventStreams, type EventClient } from './event-streams';

const SETTINGS = { eventStreams: 2, eventBufferBytes: 1000, heartbeatMs: 15_000 };

class FakeClient implements EventClient {
  text = '';
  ended: 'no' | 'in good order' | 'at once' = 'no';
  unread = 0;
  allowed = true;

  readonly sink: EventClient['sink'];
  readonly isStillAllowed = (): boolean => this.allowed;

  constructor() {
    const noteEnd = (how: 'in good order' | 'at once'): void => {
      this.ended = how;
    };
    const unread = (): number => this.unread;
    this.sink = {
      write: (text) => {
        this.text += text;
      },
      get unreadBytes() {
        return unread();
      },
      end: () => noteEnd('in good order'),
      destroy: () => noteEnd('at once'),
    };
  }

  get events(): string[] {
    return [...this.text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name as string);
  }

  get heartbeats(): number {
    return this.text.split(': still here').length - 1;
  }
}

describe('EventStreams', () => {
  let clock: ManualClock;
  let streams: EventStreams;
  const traffic = (percentage: number) => ({ event: 'traffic', data: { percentage } }) as const;

  beforeEach(() => {
    clock = new ManualClock();
    streams = new EventStreams(SETTINGS, clock);
  });

  const join = (): FakeClient => {
    const client = new FakeClient();
    streams.checkRoom();
    streams.join(client, []);
    return client;
  };

  it('tells every client everything, in order, and nothing before what it is told first', () => {
    const first = join();
    streams.broadcast(traffic(1));
    const second = new FakeClient();
    streams.join(second, [{ event: 'rollout', data: {}, id: 7 }]);
    streams.broadcast(traffic(2));
    expect(first.events).toEqual(['traffic', 'traffic']);
    expect(second.events).toEqual(['rollout', 'traffic']);
    expect(second.text).toContain('id: 7\nevent: rollout\ndata: {}\n\n');
  });

  it('tells a client that has left nothing more, and leaves no timer behind when it was the last', () => {
    const client = new FakeClient();
    const leave = streams.join(client, []);
    leave();
    leave();
    streams.broadcast(traffic(1));
    expect(client.events).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('beats once every interval to everybody, however many there are', () => {
    const [one, other] = [join(), join()];
    clock.advance(3 * SETTINGS.heartbeatMs);
    expect([one.heartbeats, other.heartbeats]).toEqual([3, 3]);
  });

  it('sends away who reads too slowly, and nobody else', () => {
    const [slow, quick] = [join(), join()];
    slow.unread = SETTINGS.eventBufferBytes + 1;
    streams.broadcast(traffic(1));
    streams.broadcast(traffic(2));
    expect(slow).toMatchObject({ ended: 'at once', events: [] });
    expect(quick).toMatchObject({ ended: 'no', events: ['traffic', 'traffic'] });
  });

  it('keeps a client that has exactly as much unread as it may', () => {
    const client = join();
    client.unread = SETTINGS.eventBufferBytes;
    streams.broadcast(traffic(1));
    expect(client.ended).toBe('no');
  });

  it('takes no more clients than the setting says, and one again when one has left', () => {
    const leave = streams.join(new FakeClient(), []);
    join();
    expect(() => streams.checkRoom()).toThrow(/2 clients read the events already/);
    leave();
    expect(() => streams.checkRoom()).not.toThrow();
  });

  it('ends the stream of a token that was taken away, at the next heartbeat', () => {
    const [kept, revoked] = [join(), join()];
    revoked.allowed = false;
    clock.advance(SETTINGS.heartbeatMs);
    expect([kept.ended, revoked.ended]).toEqual(['no', 'at once']);
    expect(revoked.heartbeats).toBe(0);
  });

  it('says farewell to all when it closes, and takes nobody any more', () => {
    const clients = [join(), join()];
    streams.close();
    expect(clients.map(({ ended, events }) => [ended, events])).toEqual([
      ['in good order', ['end']],
      ['in good order', ['end']],
    ]);
    expect(() => streams.checkRoom()).toThrow(Refusal);
    expect(clock.pendingTimers).toBe(0);
  });
});
