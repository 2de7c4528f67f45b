import { fromHex, toHex } from '../protocol/hex';
import { CaptureDecoder, type CaptureEvent } from './capture-decoder';
import type { CaptureRead } from './capture-line';

const HEARTBEAT = 'd300000000';

function read(hex: string, conn = '', dir: CaptureRead['dir'] = 'dev_to_cloud'): CaptureRead {
  return { ts: `at ${hex.length}`, dir, conn, bytes: fromHex(hex) as Uint8Array };
}

/** What the decoder says, each event in a word. */
function eventsOf(reads: readonly CaptureRead[], maxStreams?: number): string[] {
  const events: string[] = [];
  const word = (event: CaptureEvent): string => {
    if (event.kind === 'packet') return `${event.packet.kind} ${toHex(event.bytes)}`;
    return event.kind === 'read' ? `read${event.tls ? ' tls' : ''}` : `trailing ${event.bytes}`;
  };
  const decoder = new CaptureDecoder((event) => events.push(word(event)), maxStreams);
  for (const each of reads) decoder.read(each);
  decoder.finish();
  return events;
}

describe('CaptureDecoder', () => {
  it('joins the reads of one connection and direction', () => {
    expect(eventsOf([read('d30000', 'plug'), read('0000', 'plug')])).toEqual([
      'read',
      `heartbeat ${HEARTBEAT}`,
      'read',
    ]);
  });

  it('keeps connections and directions apart', () => {
    const reads = [
      read('d300', 'plug'),
      read('d80000', 'plug', 'cloud_to_dev'),
      read('88', 'bulb'),
      read('000000', 'plug'),
      read('0000', 'plug', 'cloud_to_dev'),
      read('00000003000100', 'bulb'),
    ];
    expect(eventsOf(reads).filter((event) => event !== 'read')).toEqual([
      `heartbeat ${HEARTBEAT}`,
      'heartbeat_answer d800000000',
      'status_answer 8800000003000100',
    ]);
  });

  it('lets a read without a connection stand alone', () => {
    expect(eventsOf([read('d30000'), read('0000')])).toEqual(['read', 'trailing 3', 'trailing 2', 'read']);
  });

  it('counts what no packet took when a stream ends', () => {
    expect(eventsOf([read('d300', 'plug'), read(`ffff${HEARTBEAT}7300`, 'bulb')])).toEqual([
      'read',
      'trailing 2',
      `heartbeat ${HEARTBEAT}`,
      'read',
      'trailing 2',
      'trailing 2',
    ]);
  });

  it('says which reads are TLS, the continuation of a record too, and counts no byte of them as trailing', () => {
    expect(eventsOf([read('1603030004aa', 'x'), read('bbccdd', 'x'), read(HEARTBEAT, 'x')])).toEqual([
      'read tls',
      'read tls',
      `heartbeat ${HEARTBEAT}`,
      'read',
    ]);
  });

  it('follows a bounded number of streams and gives up the one that was silent longest', () => {
    const reads = [read('d3', 'a'), read('d3', 'b'), read('00', 'a'), read('d3', 'c'), read('000000', 'a')];
    expect(eventsOf(reads, 2)).toEqual([
      'read',
      'read',
      'read',
      'trailing 1',
      'read',
      `heartbeat ${HEARTBEAT}`,
      'read',
      'trailing 1',
    ]);
  });

  it('tells a packet by the read that completes it', () => {
    const times: string[] = [];
    const decoder = new CaptureDecoder((event) => event.kind === 'packet' && times.push(event.read.ts));
    decoder.read(read('d30000', 'plug'));
    decoder.read(read('0000', 'plug'));
    expect(times).toEqual(['at 4']);
  });
});
