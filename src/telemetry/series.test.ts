import fc from 'fast-check';
import type { Definition } from './catalogue';
import { CounterSeries, HistogramSeries } from './series';

const definition: Definition = {
  type: 'histogram',
  name: 'wait_seconds',
  help: 'Wait',
  labels: ['transport', 'kind'],
  values: [
    ['new', 'legacy'],
    ['a', 'b', 'c'],
  ],
  buckets: [0.1, 1, 5],
};

const key = (labels: Readonly<Record<string, unknown>>): string => Object.values(labels).join(',');

describe('CounterSeries', () => {
  test('is born with every label set, at zero', () => {
    const samples = new CounterSeries(definition).samples({});
    expect(samples.map(({ labels, value }) => [key(labels), value])).toEqual(
      ['new,a', 'new,b', 'new,c', 'legacy,a', 'legacy,b', 'legacy,c'].map((set) => [set, 0]),
    );
  });

  test('counts each label set by itself', () => {
    const pair = fc.tuple(fc.constantFrom('new', 'legacy'), fc.constantFrom('a', 'b', 'c'), fc.nat());
    fc.assert(
      fc.property(fc.array(pair), (counted) => {
        const series = new CounterSeries(definition);
        for (const [first, second, count] of counted) series.add(first, second, count);
        for (const { labels, value } of series.samples({})) {
          const own = counted.filter(([first, second]) => `${first},${second}` === key(labels));
          expect(value).toBe(own.reduce((sum, [, , count]) => sum + count, 0));
        }
      }),
    );
  });

  test('does without labels', () => {
    const series = new CounterSeries({ ...definition, labels: [], values: [] });
    series.add();
    expect(series.samples({})).toEqual([{ metricName: 'wait_seconds', labels: {}, value: 1 }]);
  });

  test('adds the labels that all series share', () => {
    const [sample] = new CounterSeries(definition).samples({ generation: 4 });
    expect(sample?.labels).toEqual({ transport: 'new', kind: 'a', generation: 4 });
  });

  test('refuses a label value outside its closed set and names it', () => {
    const series = new CounterSeries(definition);
    expect(() => series.add('new', 'd')).toThrow('wait_seconds has no series for "new" "d"');
    expect(() => series.add('old', 'a')).toThrow('wait_seconds has no series for "old" "a"');
  });
});

describe('HistogramSeries', () => {
  const single: Definition = { ...definition, labels: [], values: [] };
  const valuesOf = (series: HistogramSeries): Record<string, number> =>
    Object.fromEntries(
      series
        .samples({})
        .map(({ metricName, labels, value }) => [`${metricName.slice(13)}${labels.le ?? ''}`, value]),
    );

  test.each([
    [0, [1, 1, 1, 1]],
    [0.1, [1, 1, 1, 1]],
    [0.100_001, [0, 1, 1, 1]],
    [1, [0, 1, 1, 1]],
    [5, [0, 0, 1, 1]],
    [5.1, [0, 0, 0, 1]],
  ])('counts %d s in every bucket whose bound it does not exceed', (seconds, [tenth, one, five, all]) => {
    const series = new HistogramSeries(single);
    series.observe(seconds);
    expect(valuesOf(series)).toEqual({
      'bucket0.1': tenth,
      bucket1: one,
      bucket5: five,
      'bucket+Inf': all,
      sum: seconds,
      count: 1,
    });
  });

  test('counts in +Inf alone what never happened, however early it was given up', () => {
    const series = new HistogramSeries(single);
    series.observeBeyond(0.05);
    expect(valuesOf(series)).toEqual({
      'bucket0.1': 0,
      bucket1: 0,
      bucket5: 0,
      'bucket+Inf': 1,
      sum: 0.05,
      count: 1,
    });
  });

  test('keeps label sets apart, and begins again at zero', () => {
    const series = new HistogramSeries(definition);
    series.observe(0.5, 'legacy', 'b');
    series.observeBeyond(2, 'new', 'c');
    const counts = (): unknown[] =>
      series
        .samples({})
        .flatMap(({ metricName, labels, value }) =>
          metricName.endsWith('_count') && value > 0 ? [[key(labels), value]] : [],
        );
    expect(counts()).toEqual([
      ['new,c', 1],
      ['legacy,b', 1],
    ]);
    series.reset();
    expect(series.samples({}).filter(({ value }) => value !== 0)).toEqual([]);
  });

  test('has buckets that only grow, up to the count', () => {
    const seconds = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(seconds, fc.boolean())), (observed) => {
        const series = new HistogramSeries(single);
        for (const [value, beyond] of observed) {
          if (beyond) series.observeBeyond(value);
          else series.observe(value);
        }
        const within = (bound: number): number =>
          observed.filter(([value, beyond]) => !beyond && value <= bound).length;
        const { sum, ...rest } = valuesOf(series);
        expect(rest).toEqual({
          'bucket0.1': within(0.1),
          bucket1: within(1),
          bucket5: within(5),
          'bucket+Inf': observed.length,
          count: observed.length,
        });
        expect(sum).toBeCloseTo(observed.reduce((total, [value]) => total + value, 0));
      }),
    );
  });
});
