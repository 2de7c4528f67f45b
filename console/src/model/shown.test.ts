import type { TallyView } from '../../../src/api/schemas/overview';
import { objectiveWith } from '../../../test/support/overview-views';
import { budgetRow } from './budget';
import { seriesOf } from './series';
import { measuredText, millisecondsText, percentText, ratioText } from './texts';

const tally = (commands: number, bad = 0): TallyView => ({ commands, bad, p50Ms: 20, p99Ms: 90 });
const none: TallyView = { commands: 0, bad: 0, p50Ms: null, p99Ms: null };

describe('the lines of the charts', () => {
  it('have a gap where there was nothing, not a line across', () => {
    const minute = { ...none, commandsPerSecond: 0, successRatio: null };
    const series = seriesOf({
      at: '2026-01-01T00:00:20.000Z',
      replica: 'a',
      cellMs: 5_000,
      lastMinute: { new: minute, legacy: minute },
      cells: [
        { at: '2026-01-01T00:00:00.000Z', new: tally(10, 1), legacy: tally(50) },
        { at: '2026-01-01T00:00:10.000Z', new: none, legacy: tally(50, 25) },
      ],
    });
    expect(series.at).toEqual([1767225600, 1767225605, 1767225610]);
    expect(series.success).toEqual([
      [90, null, null],
      [100, null, 50],
    ]);
    expect(series.latency[1]).toEqual([90, null, null]);
    expect(series.rate).toEqual([
      [2, 0, 0],
      [10, 0, 10],
    ]);
  });

  it('are empty without traffic', () => {
    const minute = { ...none, commandsPerSecond: 0, successRatio: null };
    const empty = {
      at: '',
      replica: 'a',
      cellMs: 5_000,
      lastMinute: { new: minute, legacy: minute },
      cells: [],
    };
    expect(seriesOf(empty).at).toEqual([]);
  });
});

describe('figures', () => {
  it('never make a whole of what is not one', () => {
    expect(ratioText(0.999_999)).toBe('99.99 %');
    expect(ratioText(1)).toBe('100 %');
    expect(ratioText(null)).toBe('–');
  });

  it('keep a thousandth of a percent', () => {
    expect(percentText(0.001)).toBe('0.001 %');
    expect(measuredText(null)).toBe('–');
    expect([millisecondsText(4.25), millisecondsText(319.4), millisecondsText(1500)]).toEqual([
      '4.3 ms',
      '319 ms',
      '1.50 s',
    ]);
  });
});

describe('a budget', () => {
  it('is a bar from nothing to all, also when it is overspent', () => {
    const row = budgetRow(
      objectiveWith({
        verdict: 'fail',
        budgetLeft: -0.4,
        timeToExhaustionMs: 7_200_000,
        burnRates: [
          { rule: 'burn_1h_5m', state: 'failing', burnRate: 16.2 },
          { rule: 'burn_6h_30m', state: 'clear', burnRate: null },
        ],
      }),
    );
    expect(row.left).toBe(0);
    expect(row.leftText).toBe('-40 % left');
    expect(row.pace).toBe('burning at 16.2 × the allowed pace; spent in 2 h at this pace; alert: burn_1h_5m');
  });

  it('that was not measured has no bar', () => {
    expect(budgetRow(objectiveWith({ budgetLeft: null, ratio: null }))).toMatchObject({
      left: undefined,
      leftText: 'not measured',
      measured: '–',
    });
  });
});
