import { RecordedFacts } from '../../test/support/recorded-facts';
import { ManualClock } from '../kernel/manual-clock';
import type { TransportName } from '../kernel/words';
import { Observation } from './observation';

const DEADLINE = 5_000;

class Bench {
  readonly clock = new ManualClock();
  readonly facts = new RecordedFacts();
  readonly said: string[] = [];
  readonly observation: Observation;

  constructor(transport: TransportName = 'new', beginsAt = 0) {
    this.clock.advance(beginsAt);
    this.observation = new Observation({
      clock: this.clock,
      observe: this.facts.observe,
      transport,
      deadlineAt: DEADLINE,
      onEnd: ({ outcome, attempts, latencyMs }) => this.said.push(`${outcome} ${attempts} ${latencyMs}`),
      onDone: () => this.said.push(`done ${this.clock.now()}`),
    });
  }

  /** What was lost or repeated early, as `kind count`. */
  losses(): string[] {
    return this.facts.all.flatMap((fact) =>
      fact.kind === 'transmission_unanswered' || fact.kind === 'early_repeat'
        ? [`${fact.kind} ${fact.count}`]
        : [],
    );
  }

  /** Runs out the clock and looks at what is left. */
  over(): string[] {
    this.clock.advance(DEADLINE);
    if (this.clock.pendingTimers > 0) throw new Error('a timer is left');
    return this.said;
  }
}

describe.each(['new', 'legacy'] as const)('a command over the %s transport', (transport) => {
  it('is applied when the device says so in time', () => {
    const bench = new Bench(transport);
    bench.observation.transmitted();
    bench.clock.advance(80);
    bench.observation.receipt();
    bench.clock.advance(220);
    bench.observation.reply(0);
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.over()).toEqual(['applied 1 300', 'done 300']);
    expect(bench.losses()).toEqual([]);
  });

  it('is rejected, not applied, when the device says another status', () => {
    const bench = new Bench(transport);
    bench.observation.transmitted();
    bench.observation.reply(1);
    expect(bench.over()[0]).toBe('rejected 1 0');
  });

  it('that asks for mesh nodes is applied when all the nodes announced have come', () => {
    const record = { node: 1, deviceType: 0, on: true, brightness: 1, tone: 0, rgb: [0, 0, 0] } as const;
    const bench = new Bench(transport);
    bench.observation.transmitted();
    bench.observation.page({ total: 3, records: [record, record] });
    expect(bench.said).toEqual([]);
    bench.observation.page({ total: 3, records: [record] });
    expect(bench.said[0]).toBe('applied 1 0');
  });

  it('times out when the device says nothing at all', () => {
    const bench = new Bench(transport);
    bench.observation.transmitted();
    expect(bench.over()).toEqual(['timeout 1 5000', 'done 5000']);
    expect(bench.losses()).toEqual(['transmission_unanswered 1']);
  });

  it('has expired when it was never transmitted', () => {
    expect(new Bench(transport).over()).toEqual(['expired 0 5000', 'done 5000']);
  });

  it('is lost with its connection once it was transmitted, and was not connected before', () => {
    const sent = new Bench(transport);
    sent.observation.transmitted();
    sent.clock.advance(10);
    sent.observation.ended('socket_error');
    expect(sent.over()).toEqual(['connection_lost 1 10', 'done 10']);
    expect(sent.losses()).toEqual(['transmission_unanswered 1']);

    const unsent = new Bench(transport);
    unsent.observation.ended('socket_error');
    expect(unsent.over()).toEqual(['not_connected 0 0', 'done 0']);
    expect(unsent.losses()).toEqual([]);
  });

  it('ends as what it was first, whatever comes later', () => {
    const bench = new Bench(transport);
    bench.observation.transmitted();
    bench.observation.reply(0);
    bench.observation.reply(1);
    bench.observation.ended('silent');
    bench.observation.ended('silent');
    bench.observation.receipt();
    expect(bench.over()).toEqual(['applied 1 0', 'done 0']);
  });

  it('counts each transmission, and which of them repeat', () => {
    const bench = new Bench(transport);
    bench.observation.transmitted();
    bench.observation.transmitted();
    bench.observation.reply(0);
    expect(bench.over()[0]).toBe('applied 2 0');
    expect(bench.facts.of('transmission').map(({ repeated }) => repeated)).toEqual([false, true]);
  });
});

describe('the latency of a command', () => {
  it('counts from when it was begun', () => {
    const bench = new Bench('new', 700);
    bench.observation.transmitted();
    bench.clock.advance(40);
    bench.observation.reply(0);
    expect(bench.over()[0]).toBe('applied 1 40');
  });
});

describe('a receipt without a reply', () => {
  it('is accepted over the new transport and a time-out over legacy', () => {
    for (const [transport, outcome] of [
      ['new', 'accepted 1 5000'],
      ['legacy', 'timeout 1 5000'],
    ] as const) {
      const bench = new Bench(transport);
      bench.observation.transmitted();
      bench.observation.receipt();
      expect(bench.over()[0]).toBe(outcome);
      expect(bench.losses()).toEqual([]);
    }
  });
});

describe('loss', () => {
  it('is not a receipt that comes after the reply, but before the deadline', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.reply(0);
    expect(bench.said).toEqual(['applied 1 0']);
    bench.clock.advance(4_999);
    bench.observation.receipt();
    expect(bench.over()).toEqual(['applied 1 0', 'done 4999']);
    expect(bench.losses()).toEqual([]);
  });

  it('is a transmission that no receipt answered by the deadline, though the command was applied', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.reply(0);
    expect(bench.over()).toEqual(['applied 1 0', 'done 5000']);
    expect(bench.losses()).toEqual(['transmission_unanswered 1']);
  });

  it('counts each transmission that has no receipt of its own', () => {
    const bench = new Bench();
    for (let transmissions = 0; transmissions < 3; transmissions += 1) bench.observation.transmitted();
    bench.observation.receipt();
    bench.over();
    expect(bench.losses()).toEqual(['transmission_unanswered 2']);
  });

  it('is not a repeat that was needless, which is counted as early', () => {
    const bench = new Bench();
    for (let transmissions = 0; transmissions < 3; transmissions += 1) bench.observation.transmitted();
    for (let receipts = 0; receipts < 3; receipts += 1) bench.observation.receipt();
    bench.over();
    expect(bench.losses()).toEqual(['early_repeat 2']);
  });
});

describe('a command that is handed over', () => {
  it('ends at the earlier time as what it is by then', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.shorten(1_000);
    expect(bench.over()[0]).toBe('timeout 1 1000');
  });

  it('may still be applied until then', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.shorten(1_000);
    bench.clock.advance(999);
    bench.observation.reply(0);
    bench.observation.receipt();
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.over()).toEqual(['applied 1 999', 'done 999']);
  });

  it('has lost nothing when its receipt comes before its own deadline', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.shorten(1_000);
    bench.clock.advance(3_000);
    bench.observation.receipt();
    expect(bench.over()).toEqual(['timeout 1 1000', 'done 3000']);
    expect(bench.losses()).toEqual([]);
  });

  it('has lost its transmission when no receipt comes before its own deadline', () => {
    const bench = new Bench();
    bench.observation.transmitted();
    bench.observation.shorten(1_000);
    expect(bench.over()).toEqual(['timeout 1 1000', 'done 5000']);
    expect(bench.losses()).toEqual(['transmission_unanswered 1']);
  });

  it('never waits longer for it, nor again once it has ended', () => {
    const late = new Bench();
    late.observation.shorten(DEADLINE + 1);
    expect(late.over()).toEqual(['expired 0 5000', 'done 5000']);
    const ended = new Bench();
    ended.observation.transmitted();
    ended.observation.reply(0);
    ended.observation.shorten(10);
    ended.clock.advance(10);
    expect(ended.losses()).toEqual([]);
    expect(ended.over()).toEqual(['applied 1 0', 'done 5000']);
  });

  it('ends at once when the time is past already', () => {
    const bench = new Bench();
    bench.clock.advance(2_000);
    bench.observation.shorten(1_000);
    bench.clock.advance(0);
    expect(bench.said[0]).toBe('expired 0 2000');
  });
});
