import { documentWith } from '../../../test/support/plans';
import { guardViewWith, viewWith } from '../../../test/support/rollout-views';
import { ManualClock } from '../../kernel/manual-clock';
import { auditedState, type AuditEntry, type RolloutDocument } from '../../rollout/document';
import type { RolloutView } from '../schemas/rollout';
import type { GuardView } from '../schemas/safeguards';
import { AuditTrail } from './audit-trail';
import { EventStreams } from './event-streams';
import { RolloutFeed } from './rollout-feed';
import type { RolloutSight } from './rollout-sight';

const STREAMS = { eventStreams: 10, eventBufferBytes: 1_000_000, heartbeatMs: 3_600_000 };

/** A feed above a rollout that a test changes by hand. */
class FeedBench {
  readonly clock = new ManualClock();
  document = documentWith();
  effective: number | null = null;
  devices = 0;
  guard: GuardView['state'] = 'watching';
  stored: AuditEntry[] | 'away' = [];
  text = '';
  readonly feed: RolloutFeed;

  constructor(replay = 100) {
    const history = (limit: number) =>
      this.stored === 'away'
        ? Promise.reject(new Error('the store is away'))
        : Promise.resolve(this.stored.slice(0, limit));
    const view = () =>
      ({
        plan: this.document.plan,
        effectivePercentage: this.effective,
        replicas: [{ devices: this.devices, ageMs: this.clock.now() }],
        // As in life, evidence moves all the time.
        guard: guardViewWith({ share: this.clock.now(), state: this.guard }),
        alerting: viewWith().alerting,
      }) as unknown as RolloutView;
    const effective = () => this.effective;
    const sight = {
      view,
      percentage: 0,
      get effectivePercentage() {
        return effective();
      },
    } as unknown as RolloutSight;
    this.feed = new RolloutFeed({
      clock: this.clock,
      sight,
      trail: new AuditTrail({ history }, 1000),
      streams: new EventStreams(STREAMS, this.clock),
      settings: { trafficMs: 2000, replay },
      revision: 1,
    });
  }

  /** The next revision, by somebody. */
  entryFor(document: RolloutDocument): AuditEntry {
    const state = auditedState(document);
    return {
      at: 'now',
      by: 'ana',
      action: 'pause',
      reason: 'why',
      before: state,
      after: state,
      evidence: {},
    };
  }

  change({ told = true, stored = true } = {}): void {
    const revision = this.document.plan.revision + 1;
    this.document = documentWith({ revision });
    const entry = this.entryFor(this.document);
    if (stored && this.stored !== 'away') this.stored.unshift(entry);
    this.feed.changed({ document: this.document, entry: told ? entry : undefined });
  }

  async join(lastSeen?: number): Promise<() => void> {
    const missed = await this.feed.missedSince(lastSeen);
    const write = (text: string): void => void (this.text += text);
    const sink = { write, unreadBytes: 0, end: () => {}, destroy: () => {} };
    return this.feed.open({ sink, isStillAllowed: () => true }, missed);
  }

  get order(): string[] {
    return [...this.text.matchAll(/(?:id: (\d+)\n)?event: (\w+)/g)].map(([, id, name]) =>
      id ? `${name} ${id}` : `${name}`,
    );
  }
}

describe('RolloutFeed', () => {
  it('tells of a lowering that is not stored yet to a client that comes back meanwhile', async () => {
    const bench = new FeedBench();
    bench.change({ stored: false });
    await bench.join(1);
    expect(bench.order).toEqual(['audit 2', 'rollout 2']);
  });

  it('finds the entry of a change whose message got lost in the history', async () => {
    const bench = new FeedBench();
    await bench.join();
    bench.change({ told: false });
    await bench.clock.advanceAsync(0);
    expect(bench.order).toEqual(['rollout 1', 'rollout 2', 'audit 2']);
  });

  it('tells an entry once that comes back to it from the store', async () => {
    const bench = new FeedBench();
    await bench.join();
    bench.change();
    bench.feed.changed({ document: bench.document, entry: bench.entryFor(bench.document) });
    expect(bench.order).toEqual(['rollout 1', 'audit 2', 'rollout 2']);
  });

  it('goes on without a history when the store is away', async () => {
    const bench = new FeedBench();
    bench.stored = 'away';
    await bench.join(0);
    bench.change();
    expect(bench.order).toEqual(['rollout 1', 'audit 2', 'rollout 2']);
  });

  it('replays no more entries than the setting says, the newest', async () => {
    const bench = new FeedBench(2);
    for (let change = 0; change < 5; change += 1) bench.change();
    await bench.join(1);
    expect(bench.order).toEqual(['audit 5', 'audit 6', 'rollout 6']);
  });

  it('tells of traffic when it has changed, and not of time that has passed', async () => {
    const bench = new FeedBench();
    await bench.join();
    bench.clock.advance(10_000);
    expect(bench.order).toEqual(['rollout 1']);
    bench.effective = 9.5;
    bench.clock.advance(2_000);
    expect(bench.order).toEqual(['rollout 1', 'traffic']);
    bench.clock.advance(10_000);
    expect(bench.order).toEqual(['rollout 1', 'traffic']);
  });

  it('shows the state of the guard when it changes, and not each movement of its evidence', async () => {
    const bench = new FeedBench();
    await bench.join();
    bench.clock.advance(10_000);
    expect(bench.order).toEqual(['rollout 1']);
    bench.guard = 'no_control';
    bench.clock.advance(2_000);
    expect(bench.order).toEqual(['rollout 1', 'rollout 1']);
  });

  it('shows anew what changes without anybody changing the rollout, such as a replica', async () => {
    const bench = new FeedBench();
    await bench.join();
    bench.devices = 7;
    bench.clock.advance(2_000);
    expect(bench.order).toEqual(['rollout 1', 'rollout 1']);
  });

  it('looks at nothing while nobody listens', async () => {
    const bench = new FeedBench();
    (await bench.join())();
    bench.clock.advance(2_000);
    expect(bench.clock.pendingTimers).toBe(0);
    bench.change();
    expect(bench.order).toEqual(['rollout 1']);
  });
});
