import { ManualClock } from '../kernel/manual-clock';
import { seededRandom } from '../kernel/random';
import { Agenda } from './agenda';

describe('Agenda', () => {
  test('runs tasks in the order of their due times, each at its own instant', () => {
    const clock = new ManualClock();
    const agenda = new Agenda(clock);
    const random = seededRandom(1);
    const due = Array.from({ length: 500 }, () => Math.floor(random.next() * 1000));
    const ran: number[] = [];
    for (const at of due) {
      agenda.after(at, () => {
        expect(clock.now()).toBe(at);
        ran.push(at);
      });
    }
    clock.advance(1000);
    expect(ran).toEqual([...due].sort((one, other) => one - other));
  });

  test('runs tasks that are due together in the order they were asked for', () => {
    const clock = new ManualClock();
    const agenda = new Agenda(clock);
    const ran: number[] = [];
    for (let index = 0; index < 50; index += 1) agenda.after(10, () => ran.push(index));
    clock.advance(10);
    expect(ran).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test('needs one timer of the clock below, however many tasks wait', () => {
    const clock = new ManualClock();
    const agenda = new Agenda(clock);
    for (let delay = 100; delay > 0; delay -= 1) agenda.after(delay, () => {});
    expect(clock.pendingTimers).toBe(1);
    clock.advance(100);
    expect(clock.pendingTimers).toBe(0);
  });

  test('does not run what was cancelled, and lets go of the clock when nothing waits', () => {
    const clock = new ManualClock();
    const agenda = new Agenda(clock);
    const ran: string[] = [];
    const cancelFirst = agenda.after(5, () => ran.push('first'));
    const cancelSecond = agenda.after(6, () => ran.push('second'));
    cancelFirst();
    cancelFirst();
    clock.advance(6);
    cancelSecond();
    expect(ran).toEqual(['second']);
    agenda.after(5, () => ran.push('third'))();
    expect(clock.pendingTimers).toBe(0);
  });

  test('takes tasks from a task, also for the same instant', () => {
    const clock = new ManualClock();
    const agenda = new Agenda(clock);
    const ran: string[] = [];
    agenda.after(5, () => {
      ran.push('outer');
      agenda.after(0, () => ran.push('inner'));
      agenda.after(1, () => ran.push('later'));
    });
    clock.advance(5);
    expect(ran).toEqual(['outer', 'inner']);
    clock.advance(1);
    expect(ran).toEqual(['outer', 'inner', 'later']);
  });
});
