import { seededRandom } from '../../kernel/random';
import { PULSE_SETTINGS, Pulses } from './pulses';

const MINUTE = 60_000;
const DAY = 86_400_000;
const report = { path: 'new', report: true } as const;

const fresh = (devices = 100): Pulses => new Pulses({ ...PULSE_SETTINGS, devices });

/** How many silences are found in a device that reports at these gaps, looking every five seconds. */
function silences(gapMs: () => number, untilMs: number): number {
  const pulses = fresh();
  let found = 0;
  let next = 0;
  for (let now = 0; now < untilMs; now += 5_000) {
    while (next <= now) {
      pulses.heard('d', report, next);
      next += gapMs();
    }
    found += pulses.fallenSilent(now).length;
  }
  return found;
}

describe('the rhythm of a device', () => {
  it('is missed after three of its longest gaps, and not before two minutes', () => {
    const pulses = fresh();
    for (let at = 0; at <= 10; at += 1) {
      pulses.heard('slow', report, at * 15 * MINUTE);
      pulses.heard('quick', report, at * 5_000 + 149 * MINUTE);
    }
    const last = 150 * MINUTE;
    expect(pulses.fallenSilent(last + 110_000)).toEqual([]);
    expect(pulses.fallenSilent(last + 125_000)).toEqual([{ deviceId: 'quick', path: 'new' }]);
    expect(pulses.fallenSilent(last + 45 * MINUTE)).toEqual([]);
    expect(pulses.fallenSilent(last + 45 * MINUTE + 1)).toEqual([{ deviceId: 'slow', path: 'new' }]);
  });

  it('is missed once for each silence', () => {
    const pulses = fresh();
    for (let at = 0; at <= 10; at += 1) pulses.heard('d', report, at * MINUTE);
    const times = [14, 20, 30].map((minute) => pulses.fallenSilent(minute * MINUTE).length);
    pulses.heard('d', report, 31 * MINUTE);
    expect([...times, pulses.fallenSilent(36 * MINUTE).length]).toEqual([1, 0, 0, 1]);
  });

  it('is not known before eight gaps', () => {
    const pulses = fresh();
    for (let at = 0; at < 8; at += 1) pulses.heard('d', report, at * MINUTE);
    expect(pulses.fallenSilent(60 * MINUTE)).toEqual([]);
  });

  it('does not miss a device that still talks in other ways', () => {
    const pulses = fresh();
    for (let at = 0; at <= 10; at += 1) pulses.heard('d', report, at * MINUTE);
    pulses.heard('d', { path: 'new', report: false }, 14 * MINUTE);
    expect(pulses.fallenSilent(15 * MINUTE)).toEqual([]);
  });

  it('gives no false alarm while it varies by a fifth', () => {
    const random = seededRandom(1);
    expect(silences(() => MINUTE * (0.8 + 0.4 * random.next()), 30 * DAY)).toBe(0);
  });

  it('survives lost reports: with one in twenty lost, it is missed wrongly after fewer than one report in a thousand', () => {
    const random = seededRandom(2);
    const gap = (): number => MINUTE * (0.8 + 0.4 * random.next()) + (random.next() < 0.05 ? gap() : 0);
    expect(silences(gap, 30 * DAY)).toBeLessThan((30 * DAY) / MINUTE / 1_000);
  });

  it('is not believed of a device that reports by chance', () => {
    const random = seededRandom(3);
    const gap = () => -Math.log(1 - random.next()) * MINUTE;
    expect(silences(gap, 30 * DAY)).toBeLessThan(30);
  });

  it('is followed for so many devices and no more, and forgotten after a day', () => {
    const pulses = fresh(2);
    for (const id of ['a', 'b', 'c']) pulses.heard(id, report, 0);
    expect(pulses.followed).toBe(2);
    pulses.fallenSilent(DAY + 1);
    expect(pulses.followed).toBe(0);
  });
});
