import fc from 'fast-check';
import { isOpen, nextOpening, startOfDay } from './deployment-window';
import { WEEKDAYS, type DeploymentWindow } from './ladder';

const MINUTE_MS = 60_000;
const BERLIN = 'Europe/Berlin';

const night = (over: Partial<DeploymentWindow> = {}): DeploymentWindow => ({
  days: WEEKDAYS,
  fromMinute: 2 * 60,
  toMinute: 5 * 60,
  zone: BERLIN,
  ...over,
});
const open = (window: DeploymentWindow, at: string): boolean => isOpen(window, Date.parse(at));
const next = (window: DeploymentWindow, at: string): string => {
  const opening = nextOpening(window, Date.parse(at));
  return opening === undefined ? 'never' : new Date(opening).toISOString().slice(0, 16);
};

describe('a deployment window', () => {
  test.each([
    ['2026-01-15T00:59:59Z', false],
    ['2026-01-15T01:00:00Z', true],
    ['2026-01-15T03:59:59Z', true],
    ['2026-01-15T04:00:00Z', false],
    ['2026-07-15T00:00:00Z', true],
    ['2026-07-15T03:00:00Z', false],
  ])('from 02:00 to 05:00 in Berlin at %s is open: %s', (at, expected) => {
    expect(open(night(), at)).toBe(expected);
  });

  test('opens on its days only, by the calendar of its zone', () => {
    const tuesdays = night({ days: ['tue'], fromMinute: 0, toMinute: 60 });
    // Monday 23:30 UTC is Tuesday 00:30 in Berlin.
    expect(open(tuesdays, '2026-01-12T23:30:00Z')).toBe(true);
    expect(open(tuesdays, '2026-01-13T23:30:00Z')).toBe(false);
  });

  test('that ends earlier than it begins goes over midnight and belongs to the day on which it opened', () => {
    const overnight = night({ days: ['fri'], fromMinute: 22 * 60, toMinute: 2 * 60, zone: 'UTC' });
    const times = [
      '2026-01-16T22:00Z',
      '2026-01-17T01:59Z',
      '2026-01-17T02:00Z',
      '2026-01-17T22:00Z',
      '2026-01-16T01:00Z',
    ];
    expect(times.map((at) => open(overnight, at))).toEqual([true, true, false, false, false]);
  });

  test.each([
    ['an ordinary day', '2026-01-15T12:00Z', '2026-01-16T01:00'],
    ['now', '2026-01-15T01:30Z', '2026-01-15T01:30'],
    ['over the leap of the clock', '2026-03-28T12:00Z', '2026-03-29T01:00'],
    ['over the clock going back', '2026-10-24T12:00Z', '2026-10-25T00:00'],
    ['later on the day after', '2026-03-29T12:00Z', '2026-03-30T00:00'],
  ])('says when it opens next: %s', (_name, at, expected) => {
    expect(next(night(), at)).toBe(expected);
  });

  test('opens after the leap when its time does not come that day', () => {
    const window = night({ fromMinute: 2 * 60 + 30, toMinute: 5 * 60 });
    expect(next(window, '2026-03-28T23:00Z')).toBe('2026-03-29T01:00');
  });

  test('does not open on a day on which all of it is leapt over', () => {
    const window = night({ fromMinute: 2 * 60, toMinute: 3 * 60 });
    expect(next(window, '2026-03-28T23:00Z')).toBe('2026-03-30T00:00');
  });

  test('opens twice when the clock goes back over it', () => {
    const window = night({ fromMinute: 2 * 60, toMinute: 2 * 60 + 30 });
    expect(next(window, '2026-10-24T23:00Z')).toBe('2026-10-25T00:00');
    expect(next(window, '2026-10-25T00:40Z')).toBe('2026-10-25T01:00');
    expect(next(window, '2026-10-25T01:40Z')).toBe('2026-10-26T01:00');
  });

  test('opens next when a walk through the minutes says so, in any zone and over any change of the clock', () => {
    const zones = [
      BERLIN,
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'UTC',
    ];
    const around = [
      '2026-03-08',
      '2026-03-29',
      '2026-04-05',
      '2026-04-24',
      '2026-10-04',
      '2026-10-25',
      '2026-10-29',
    ];
    const moment = fc
      .record({ day: fc.constantFrom(...around), minutes: fc.integer({ min: -2_880, max: 1_440 }) })
      .map(({ day, minutes }) => Date.parse(day) + minutes * MINUTE_MS);
    const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.subarray([...WEEKDAYS], { minLength: 5 }),
        fc.uniqueArray(minute, { minLength: 2, maxLength: 2 }),
        moment,
        (zone, days, [fromMinute = 0, toMinute = 0], now) => {
          const window = { zone, days, fromMinute, toMinute };
          let walked = now;
          while (!isOpen(window, walked)) walked += MINUTE_MS;
          expect(nextOpening(window, now)).toBe(walked);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the start of a local day', () => {
  test.each([
    ['2026-01-15', BERLIN, '2026-01-14T23:00:00.000Z'],
    ['2026-03-29', BERLIN, '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', BERLIN, '2026-03-29T22:00:00.000Z'],
    ['2026-10-26', BERLIN, '2026-10-25T23:00:00.000Z'],
    // The clock leaps from midnight to one.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['2026-12-24', 'UTC', '2026-12-24T00:00:00.000Z'],
  ])('%s in %s is %s', (day, zone, expected) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(expected);
  });
});
