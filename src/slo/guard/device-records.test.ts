import fc from 'fast-check';
import { DeviceRecords } from './device-records';

const HOUR = 3_600_000;
const LIMITS = { records: 1_000, asideLeast: 3, asideShare: 0.05 };

/** Sends the outcomes of one device; `x` is bad. What each was counted as: `f` first failure, `b` broke, `.` neither. */
function feed(records: DeviceRecords, deviceId: string, outcomes: string, from = 0): string {
  return [...outcomes]
    .map((outcome, at) => {
      const bad = outcome === 'x';
      const { clear, broke } = records.decided(deviceId, bad, from + at);
      if (broke) return 'b';
      return clear && bad ? 'f' : '.';
    })
    .join('');
}

describe('the records of devices', () => {
  it.each([
    ['oooooooo', '........', 'a good device is never known'],
    ['xooooooo', 'f.......', 'one failure counts'],
    ['xoxooooo', 'f.......', 'a second one soon after does not'],
    ['xoooooooox', 'f........f', 'after eight good ones in a row it does'],
    ['xoxox', 'f...b', 'three bad of eight make a device broken'],
    ['xxxxxxxxxx', 'f.b.......', 'a device that stays broken counts twice: as failing, and as broken'],
    ['xxxooooooooxxx', 'f.b...........', 'a broken one that recovers stays set aside'],
  ])('take %s for %s: %s', (outcomes, counted) => {
    expect(feed(new DeviceRecords(LIMITS), 'd', outcomes)).toBe(counted);
  });

  it('set a broken device aside for a day after the last command at which it was broken', () => {
    const records = new DeviceRecords(LIMITS);
    feed(records, 'd', 'xxx');
    feed(records, 'd', 'x', 20 * HOUR);
    feed(records, 'd', 'oooooooo', 21 * HOUR);
    expect(feed(records, 'd', 'x', 43 * HOUR)).toBe('.');
    feed(records, 'd', 'oooooooo', 43 * HOUR + 1);
    records.prune(46 * HOUR, 100);
    expect(feed(records, 'd', 'x', 46 * HOUR)).toBe('f');
  });

  it('let the oldest of those set aside go when there are too many, so that a common outage blinds nobody', () => {
    const records = new DeviceRecords(LIMITS);
    for (const at of [1, 2, 3, 4, 5]) feed(records, `d${at}`, 'xxxoooooooo', at * 100);
    records.prune(1_000, 40);
    expect(records.setAside).toBe(3);
    expect(feed(records, 'd1', 'x', 2_000)).toBe('f');
    expect(feed(records, 'd5', 'x', 2_000)).toBe('.');
    for (let at = 0; at < 50; at += 1) feed(records, `e${at}`, 'xxx', 3_000);
    records.prune(4_000, 400);
    expect(records.setAside).toBe(20);
  });

  it('count one that made room, and is still broken, not again before it was well', () => {
    const records = new DeviceRecords(LIMITS);
    feed(records, 'old', 'xxx');
    for (const at of [1, 2, 3]) feed(records, `d${at}`, 'xxx', at * 10);
    records.prune(100, 10);
    expect(feed(records, 'old', 'xxxxx', 200)).toBe('.....');
  });

  it('forget a device that was not heard for a day', () => {
    const records = new DeviceRecords(LIMITS);
    feed(records, 'd', 'xo');
    records.prune(25 * HOUR, 100);
    expect([records.remembered, records.has('d')]).toEqual([0, false]);
  });

  it('never hold more than they may', () => {
    const records = new DeviceRecords({ ...LIMITS, records: 10 });
    for (let at = 0; at < 100; at += 1) feed(records, `d${at}`, 'x', at);
    records.prune(100, 100);
    expect([records.remembered, records.has('d99'), records.has('d0')]).toEqual([10, true, false]);
  });

  it('take a silent device for broken once', () => {
    const records = new DeviceRecords(LIMITS);
    expect([records.fellSilent('d', 0), records.fellSilent('d', 1)]).toEqual([true, false]);
    expect(feed(records, 'd', 'x', 2)).toBe('.');
  });

  it('count at most one failure in eight commands of a device, and one breakage, whatever it does in a day', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (bads) => {
        const records = new DeviceRecords(LIMITS);
        const counted = feed(records, 'd', bads.map((bad) => (bad ? 'x' : 'o')).join(''));
        expect(counted).not.toMatch(/f.{0,7}f/);
        expect(counted.replace(/[^b]/g, '').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
