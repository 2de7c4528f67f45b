import { RetryBudget } from './retry-budget';

const spent = (budget: RetryBudget): number => {
  let repeats = 0;
  while (budget.spend()) repeats += 1;
  return repeats;
};

describe('RetryBudget', () => {
  it('allows a burst up to its capacity, and no more', () => {
    expect(spent(new RetryBudget({ capacity: 7, perTransmission: 0.5 }))).toBe(7);
  });

  it('earns its share of first transmissions once it is spent', () => {
    const budget = new RetryBudget({ capacity: 10, perTransmission: 0.25 });
    spent(budget);
    for (let command = 0; command < 12; command += 1) budget.earn();
    expect(spent(budget)).toBe(3);
  });

  it('never holds more than its capacity, however long it was quiet', () => {
    const budget = new RetryBudget({ capacity: 5, perTransmission: 1 });
    for (let command = 0; command < 1000; command += 1) budget.earn();
    expect(spent(budget)).toBe(5);
  });
});
