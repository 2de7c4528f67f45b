import { ManualClock } from '../kernel/manual-clock';
import { TrafficShare } from './traffic-share';

describe('TrafficShare', () => {
  test('knows nothing before the first command', () => {
    expect(new TrafficShare(new ManualClock()).percentage()).toBeUndefined();
  });

  test('is the share of commands, not of devices or of seconds', () => {
    const clock = new ManualClock();
    const share = new TrafficShare(clock);
    share.count('new');
    clock.advance(5_000);
    for (let command = 0; command < 3; command += 1) share.count('legacy');
    expect(share.percentage()).toBe(25);
  });

  test('forgets what is older than a minute, second by second', () => {
    const clock = new ManualClock();
    const share = new TrafficShare(clock);
    share.count('new');
    clock.advance(30_000);
    share.count('legacy');
    clock.advance(29_999);
    expect(share.percentage()).toBe(50);
    clock.advance(1);
    expect(share.percentage()).toBe(0);
    clock.advance(30_000);
    expect(share.percentage()).toBeUndefined();
  });

  test('uses a cell again after a minute without what it held', () => {
    const clock = new ManualClock();
    const share = new TrafficShare(clock);
    share.count('new');
    clock.advance(60_000);
    share.count('legacy');
    expect(share.percentage()).toBe(0);
  });
});
