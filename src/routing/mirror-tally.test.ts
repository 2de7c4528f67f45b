import { MirrorTally } from './mirror-tally';

describe('the tally of the mirror', () => {
  it('counts what was compared and what differed in a generation', () => {
    const tally = new MirrorTally();
    for (const agreed of [true, false, true]) tally.count(3, agreed);
    expect(tally.of(3)).toEqual({ compared: 3, disagreed: 1 });
  });

  it('begins at zero with a new generation, and takes nothing of an older one', () => {
    const tally = new MirrorTally();
    tally.count(3, false);
    tally.count(4, true);
    tally.count(3, false);
    expect(tally.of(4)).toEqual({ compared: 1, disagreed: 0 });
    expect(tally.of(3)).toEqual({ compared: 0, disagreed: 0 });
  });
});
