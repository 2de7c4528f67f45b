import { BaseRates } from './base-rates';
import { emptyTally, type Tally } from './tally';

const HOUR = 3_600_000;

function tally(failed: number, broken: number): Tally {
  const one = emptyTally();
  Object.assign(one.new, { failed, broken });
  Object.assign(one.legacy, { failed, broken });
  return one;
}

describe('the base rates', () => {
  it('leave out the first hour, in which old faults are found', () => {
    const rates = new BaseRates();
    for (let at = 0; at < HOUR; at += 1_000) rates.add(tally(50, 50), at);
    expect(rates.rates).toBeUndefined();
    for (let at = HOUR; at < 2 * HOUR; at += 1_000) rates.add(tally(Number(at % 10_000 === 0), 0), at);
    expect(rates.rates).toEqual({ firstFailures: 0.2, breakages: 0, seconds: 3_600 });
  });

  it('are those of the last day', () => {
    const rates = new BaseRates();
    for (let at = 0; at < 4 * HOUR; at += 1_000) rates.add(tally(1, 1), at);
    for (let at = 4 * HOUR; at < 30 * HOUR; at += 1_000) rates.add(emptyTally(), at);
    expect(rates.rates).toEqual({ firstFailures: 0, breakages: 0, seconds: 86_400 });
  });
});
