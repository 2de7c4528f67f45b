import { ManualClock } from '../kernel/manual-clock';
import { MemoryNoticeboard } from './noticeboard';

describe('a noticeboard in memory', () => {
  let clock: ManualClock;
  let board: MemoryNoticeboard;

  beforeEach(() => {
    clock = new ManualClock();
    board = new MemoryNoticeboard(clock, { notices: 3, bytes: 10 });
  });

  test('shows the newest notice of each replica, board by board', async () => {
    await board.post('replicas', 'a', 'one', 1_000);
    await board.post('replicas', 'a', 'two', 1_000);
    await board.post('replicas', 'b', 'three', 1_000);
    await board.post('judgement', 'a', 'four', 1_000);
    expect(await board.read('replicas')).toEqual(
      new Map([
        ['a', 'two'],
        ['b', 'three'],
      ]),
    );
    expect(await board.read('judgement')).toEqual(new Map([['a', 'four']]));
    expect(await board.read('nothing')).toEqual(new Map());
  });

  test('takes a notice down when its time has passed', async () => {
    await board.post('replicas', 'a', 'one', 1_000);
    await board.post('replicas', 'b', 'two', 2_000);
    clock.advance(1_000);
    expect(await board.read('replicas')).toEqual(new Map([['b', 'two']]));
  });

  test('leaves out a notice too many and a notice too long, and goes on', async () => {
    for (const replica of ['a', 'b', 'c', 'd']) await board.post('replicas', replica, replica, 1_000);
    await board.post('replicas', 'a', 'x'.repeat(11), 1_000);
    expect(await board.read('replicas')).toEqual(
      new Map([
        ['a', 'a'],
        ['b', 'b'],
        ['c', 'c'],
      ]),
    );
    clock.advance(1_000);
    await board.post('replicas', 'd', 'd', 1_000);
    expect(await board.read('replicas')).toEqual(new Map([['d', 'd']]));
  });
});
