import fc from 'fast-check';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { ManualClock } from '../kernel/manual-clock';
import { REPLY, type InnerFrame } from '../protocol/inner-frame';
import { ExchangeTable, isReply } from './exchange-table';
import type { Exchange, ExchangeListener, ExchangeRequest } from './link';

const POWER = 0xd0;

function requestOf(messageId: number, sequence: number, opcode = POWER): ExchangeRequest {
  return { messageId, frame: { sequence, direction: 0xf8, opcode, data: new Uint8Array(0) } };
}

function replyFrame(sequence: number, opcode = POWER, data = [0]): InnerFrame {
  const rest = { start: 0x7e, checksum: 0, checksumOk: true, escaped: false };
  return { kind: 'frame', sequence, direction: REPLY, opcode, data: Uint8Array.from(data), ...rest };
}

/** A table over a connection that only notes what is sent. */
class Bench {
  readonly clock = new ManualClock();
  readonly facts = new RecordedFacts();
  readonly sent: string[] = [];
  writable = true;
  readonly table: ExchangeTable;

  constructor() {
    const isWritable = (): boolean => this.writable;
    this.table = new ExchangeTable(
      {
        get writable() {
          return isWritable();
        },
        now: () => this.clock.now(),
        transmit: (transport, { messageId, frame }) =>
          this.sent.push(`${transport} ${messageId}/${frame.sequence}`),
      },
      this.facts.observe,
    );
  }

  open(heard: string[] = [], transport: 'new' | 'legacy' = 'new'): Exchange {
    return this.table.openExchange(transport, [hearing(heard)]);
  }

  answers(): string[] {
    return this.facts
      .of('answer')
      .map(({ answer, outcome, transport }) => `${transport} ${answer} ${outcome}`);
  }
}

function hearing(heard: string[]): ExchangeListener {
  return {
    transmitted: (at) => heard.push(`transmitted ${at}`),
    receipt: (at) => heard.push(`receipt ${at}`),
    reply: (status, at) => heard.push(`reply ${status} ${at}`),
    drained: () => heard.push('drained'),
    ended: (reason, at) => heard.push(`ended ${reason} ${at}`),
  };
}

describe('the right to transmit', () => {
  it('is refused to a transport while the other has an exchange open', () => {
    const bench = new Bench();
    bench.open([], 'legacy');
    expect(() => bench.open([], 'new')).toThrow('new may not write while legacy has exchanges open');
  });

  it.each(['release', 'close'] as const)('goes to the other transport after %s', (leave) => {
    const bench = new Bench();
    bench.open([], 'legacy')[leave]();
    bench.open([], 'new').transmit(requestOf(1, 1));
    expect(bench.sent).toEqual(['new 1/1']);
  });

  it('is never held by two transports at once, whatever is opened and let go', () => {
    const step = fc.oneof(
      fc.record({ open: fc.constantFrom('new' as const, 'legacy' as const) }),
      fc.record({ leave: fc.nat(5), how: fc.constantFrom('release' as const, 'close' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (script) => {
        const bench = new Bench();
        const open: { exchange: Exchange; transport: string }[] = [];
        for (const action of script) {
          if ('leave' in action) {
            const [left] = open.splice(action.leave, 1);
            left?.exchange[action.how]();
            continue;
          }
          const foreign = open.some(({ transport }) => transport !== action.open);
          const attempt = (): Exchange => bench.open([], action.open);
          if (foreign) expect(attempt).toThrow();
          else open.push({ exchange: attempt(), transport: action.open });
        }
      }),
    );
  });

  it('ends with release: nothing is sent after it, nor after close', () => {
    const bench = new Bench();
    const released = bench.open();
    released.release();
    released.transmit(requestOf(1, 1));
    const closed = bench.open();
    closed.close();
    closed.transmit(requestOf(2, 2));
    expect(bench.sent).toEqual([]);
  });

  it('is for one request, as often as need be', () => {
    const bench = new Bench();
    const exchange = bench.open();
    const request = requestOf(3, 30);
    exchange.transmit(request);
    exchange.transmit(request);
    expect(bench.sent).toEqual(['new 3/30', 'new 3/30']);
    expect(() => exchange.transmit(requestOf(3, 30))).toThrow('transmits its one request');
  });

  it('says whether the device takes bytes', () => {
    const bench = new Bench();
    const exchange = bench.open();
    bench.writable = false;
    expect(exchange.writable).toBe(false);
  });
});

describe('an answer', () => {
  it('is told to every listener, with the time since the last transmission', () => {
    const bench = new Bench();
    const [first, second]: [string[], string[]] = [[], []];
    const exchange = bench.table.openExchange('new', [hearing(first), hearing(second)]);
    const request = requestOf(7, 70);
    exchange.transmit(request);
    bench.clock.advance(100);
    exchange.transmit(request);
    bench.clock.advance(30);
    expect(bench.table.receipt(7, 'legacy')).toBe(30);
    bench.clock.advance(5);
    expect(bench.table.reply(replyFrame(70), 'legacy')).toBe(35);
    expect(first).toEqual(['transmitted 0', 'transmitted 100', 'receipt 130', 'reply 0 135']);
    expect(second).toEqual(first);
    expect(bench.answers()).toEqual(['new receipt matched', 'new reply matched']);
  });

  it('that belongs to nothing is an orphan of the transport that the device is routed to', () => {
    const bench = new Bench();
    expect(bench.table.receipt(9, 'legacy')).toBeUndefined();
    expect(bench.table.reply(replyFrame(9), 'new')).toBeUndefined();
    expect(bench.answers()).toEqual(['legacy receipt orphaned', 'new reply orphaned']);
  });

  it.each([
    ['sequence', replyFrame(71)],
    ['opcode', replyFrame(70, 0xf0)],
  ])('of another %s is not taken for the reply', (_, frame) => {
    const bench = new Bench();
    const heard: string[] = [];
    bench.open(heard).transmit(requestOf(7, 70));
    expect(bench.table.reply(frame, 'new')).toBeUndefined();
    expect(heard).toEqual(['transmitted 0']);
    expect(bench.answers()).toEqual(['new reply orphaned']);
  });

  it('without a status byte is no success', () => {
    const bench = new Bench();
    const heard: string[] = [];
    bench.open(heard).transmit(requestOf(7, 70));
    bench.table.reply(replyFrame(70, POWER, []), 'new');
    expect(heard).toContain('reply 255 0');
  });

  it('may come before the transmission has returned', () => {
    const clock = new ManualClock();
    const heard: string[] = [];
    const table: ExchangeTable = new ExchangeTable(
      {
        writable: true,
        now: () => clock.now(),
        transmit: (_, { messageId }) => void table.receipt(messageId, 'new'),
      },
      () => {},
    );
    table.openExchange('new', [hearing(heard)]).transmit(requestOf(7, 70));
    expect(heard).toEqual(['transmitted 0', 'receipt 0']);
  });

  it('is matched after release and not after close', () => {
    const bench = new Bench();
    const heard: string[] = [];
    const exchange = bench.open(heard);
    exchange.transmit(requestOf(7, 70));
    exchange.release();
    bench.table.receipt(7, 'new');
    bench.table.reply(replyFrame(70), 'new');
    exchange.close();
    bench.table.receipt(7, 'new');
    bench.table.reply(replyFrame(70), 'new');
    expect(heard).toEqual(['transmitted 0', 'receipt 0', 'reply 0 0']);
    expect(bench.answers().slice(2)).toEqual(['new receipt late', 'new reply late']);
  });

  it('that comes twice is counted as a double, and told once more to nobody’s harm', () => {
    const bench = new Bench();
    bench.open([]).transmit(requestOf(7, 70));
    for (let turn = 0; turn < 2; turn += 1) {
      bench.table.receipt(7, 'new');
      bench.table.reply(replyFrame(70), 'new');
    }
    expect(bench.answers()).toEqual([
      'new receipt matched',
      'new reply matched',
      'new receipt double',
      'new reply double',
    ]);
  });

  it('is late only as long as its command is remembered', () => {
    const bench = new Bench();
    for (let command = 1; command <= 33; command += 1) {
      const exchange = bench.open([]);
      exchange.transmit(requestOf(command, 100 + command));
      exchange.close();
    }
    bench.table.receipt(1, 'new');
    bench.table.receipt(33, 'new');
    expect(bench.answers()).toEqual(['new receipt orphaned', 'new receipt late']);
  });

  it('is matched by a sequence that an exchange gone by has used too', () => {
    const bench = new Bench();
    const heard: string[] = [];
    const former = bench.open();
    former.transmit(requestOf(1, 70));
    bench.open(heard).transmit(requestOf(2, 70));
    former.close();
    bench.table.reply(replyFrame(70), 'new');
    expect(heard).toContain('reply 0 0');
  });

  it('is a reply by its direction alone', () => {
    expect([isReply(replyFrame(1)), isReply({ ...replyFrame(1), direction: 0xfa })]).toEqual([true, false]);
  });
});

describe('receipts of a shared message id', () => {
  it('go to the oldest exchange that lacks one', () => {
    const bench = new Bench();
    const [first, second, third]: [string[], string[], string[]] = [[], [], []];
    for (const [index, heard] of [first, second, third].entries()) {
      const exchange = bench.open(heard, 'legacy');
      exchange.transmit(requestOf(0, index + 1));
      exchange.release();
    }
    for (let receipts = 1; receipts <= 3; receipts += 1) {
      bench.table.receipt(0, 'legacy');
      const counted = [first, second, third].map(
        (heard) => heard.filter((line) => line.startsWith('receipt')).length,
      );
      expect(counted).toEqual([1, receipts > 1 ? 1 : 0, receipts > 2 ? 1 : 0]);
    }
  });

  it('go to the newest when none lacks one, and to the others once it is closed', () => {
    const bench = new Bench();
    const [first, second]: [string[], string[]] = [[], []];
    const older = bench.open(first, 'legacy');
    older.transmit(requestOf(0, 1));
    const newer = bench.open(second, 'legacy');
    newer.transmit(requestOf(0, 2));
    for (let receipts = 0; receipts < 3; receipts += 1) bench.table.receipt(0, 'legacy');
    expect([first, second].map((heard) => heard.length)).toEqual([2, 3]);
    newer.close();
    bench.table.receipt(0, 'legacy');
    expect([first, second].map((heard) => heard.length)).toEqual([3, 3]);
  });

  it('count one per transmission of an exchange', () => {
    const bench = new Bench();
    const [first, second]: [string[], string[]] = [[], []];
    const request = requestOf(0, 1);
    const older = bench.open(first, 'legacy');
    older.transmit(request);
    older.transmit(request);
    bench.open(second, 'legacy').transmit(requestOf(0, 2));
    for (let receipts = 0; receipts < 3; receipts += 1) bench.table.receipt(0, 'legacy');
    expect(first.filter((line) => line.startsWith('receipt'))).toHaveLength(2);
    expect(second.filter((line) => line.startsWith('receipt'))).toHaveLength(1);
  });
});

describe('the end of the link', () => {
  it('is told once to everyone who waits, released or never transmitted, and to nobody who has closed', () => {
    const bench = new Bench();
    const [fresh, sent, released, closed]: [string[], string[], string[], string[]] = [[], [], [], []];
    bench.open(fresh);
    bench.open(sent).transmit(requestOf(1, 1));
    const late = bench.open(released);
    late.transmit(requestOf(2, 2));
    late.release();
    const gone = bench.open(closed);
    gone.transmit(requestOf(3, 3));
    gone.close();
    bench.clock.advance(40);
    bench.table.end('silent');
    bench.table.end('shutdown');
    const ends = [fresh, sent, released, closed].map((heard) =>
      heard.filter((line) => line.startsWith('ended')),
    );
    expect(ends).toEqual([['ended silent 40'], ['ended silent 40'], ['ended silent 40'], []]);
  });

  it('is not told to an exchange that closes while the others are told', () => {
    const bench = new Bench();
    const heard: string[] = [];
    bench.table.openExchange('new', [{ ended: () => second.close() }]);
    const second = bench.open(heard);
    bench.table.end('silent');
    expect(heard).toEqual([]);
  });

  it('leaves nothing behind: answers come too late, and either transport may open', () => {
    const bench = new Bench();
    bench.open([], 'legacy').transmit(requestOf(0, 1));
    bench.table.end('silent');
    bench.table.receipt(0, 'legacy');
    expect(bench.answers()).toEqual(['legacy receipt late']);
    expect(() => bench.open([], 'new')).not.toThrow();
  });
});

describe('drained', () => {
  it('is told to those who may transmit only', () => {
    const bench = new Bench();
    const [open, released]: [string[], string[]] = [[], []];
    bench.open(open);
    bench.open(released).release();
    bench.table.drained();
    expect([open, released]).toEqual([['drained'], []]);
  });
});
