import { fromHex } from '../protocol/hex';
import { CaptureDecoder } from './capture-decoder';
import { SummaryTally, type DecodeSummary } from './decode-summary';

const NOTHING: DecodeSummary = {
  reads: 0,
  packets: 0,
  byType: {},
  innerFrames: 0,
  checksumOk: 0,
  checksumMismatch: 0,
  escapedFrames: 0,
  malformed: 0,
  trailingBytes: 0,
  tlsRecords: 0,
  messageIds: 0,
};

function summaryOf(...reads: readonly string[]): DecodeSummary {
  const tally = new SummaryTally();
  const decoder = new CaptureDecoder((event) => tally.add(event));
  for (const hex of reads)
    decoder.read({ ts: '', dir: undefined, conn: '', bytes: fromHex(hex) as Uint8Array });
  decoder.finish();
  return tally.summary();
}

describe('the summary of a capture', () => {
  it('of nothing is all zeros', () => {
    expect(summaryOf()).toEqual(NOTHING);
  });

  it('counts reads, and packets by type in the order of the types', () => {
    const summary = summaryOf('d800000000', 'd300000000d300000000', '');
    expect(summary).toEqual({ ...NOTHING, reads: 3, packets: 3, byType: { '0xD3': 2, '0xD8': 1 } });
    expect(Object.keys(summary.byType)).toEqual(['0xD3', '0xD8']);
  });

  it.each([
    ['73 00000013 2de4b5d2 0002 00 7e 21000000 f9 d0 0100 00 d1 7e', { checksumOk: 1 }],
    ['83 00000013 2de4b5d2 0002 00 7e 21000000 f9 d0 0100 00 d2 7e', { checksumMismatch: 1 }],
    ['73 00000014 2de4b5d2 0002 00 7e 21000000 f9 d0 0100 7d5d 4e 7e', { checksumOk: 1, escapedFrames: 1 }],
  ])('counts the inner frame of %s', (packet, figures) => {
    const byType = { [`0x${packet.slice(0, 2)}`]: 1 };
    const each = { reads: 1, packets: 1, byType, innerFrames: 1, messageIds: 1 };
    expect(summaryOf(packet)).toEqual({ ...NOTHING, ...each, ...figures });
  });

  it('counts a packet as malformed for its body or for its inner frame', () => {
    const badInner = '73 00000014 2de4b5d2 0002 00 00 7e 21000000 f9 d0 0100 00 d1 7e';
    const badBody = '23 0000000b 03 38e8cf46 0010 31323334';
    expect(summaryOf(badInner)).toMatchObject({
      packets: 1,
      malformed: 1,
      innerFrames: 0,
      messageIds: 1,
      trailingBytes: 0,
    });
    expect(summaryOf(badBody)).toMatchObject({ packets: 1, malformed: 1, messageIds: 0, trailingBytes: 0 });
  });

  it.each(['7b', '78', 'a3'])('counts the message id of 0x%s', (type) => {
    expect(summaryOf(`${type} 00000007 2de4b5d2 1537 00`).messageIds).toBe(1);
  });

  it('counts the message ids of 0xAB and 0xA8, and none for the constant in 0x43 and its answer', () => {
    expect(
      summaryOf('ab 0000000a 2de4b5d2 1537 00 07 0000', 'a8 00000008 2de4b5d2 1537 0a 00').messageIds,
    ).toBe(2);
    expect(
      summaryOf('43 00000007 3987c857 0101 06', '48 00000003 0101 00', '88 00000003 0101 00').messageIds,
    ).toBe(0);
  });

  it('counts TLS as reads and never as trailing bytes, and everything else that no packet took', () => {
    expect(summaryOf('16 0303 0002 aabb', 'ffff d3 00000000', '73 0000')).toEqual({
      ...NOTHING,
      reads: 3,
      packets: 1,
      byType: { '0xD3': 1 },
      trailingBytes: 5,
      tlsRecords: 1,
    });
  });
});
