import { raise, transitionWith } from '../../test/support/transitions';
import { bodyFor } from './bodies';
import { notificationOf, type Notification } from './notification';
import { transitionKey, type Transition } from './transition';

function told(over: Partial<Transition> = {}, repeated = false): Notification {
  const notification = notificationOf(transitionWith(over), repeated);
  if (!notification) throw new Error('nothing is told');
  return notification;
}

describe('notificationOf', () => {
  test('says in one line what has happened, by whom and why', () => {
    expect(told().title).toBe('rollback (25 % → 0 %, latched, generation 4) by guard: replies are missing');
  });

  test('names no stage where the entry knew no ladder, as when the store was lost', () => {
    const { before, after } = transitionWith();
    const lost = { before: { ...before, stage: 'canary-25' }, after: { ...after, stage: '' } };
    expect(told(lost).title).toMatch(/^rollback \(25 % → 0 %, latched, generation 4\)/);
  });

  test.each<[string, Partial<Transition>, string]>([
    ['a rollback', {}, 'critical'],
    ['a pause that rests on evidence', { action: 'pause' }, 'critical'],
    ['a pause by hand', { action: 'pause', by: 'ana', evidence: {} }, 'info'],
    ['a lost store', { action: 'store_lost' }, 'critical'],
    ['a clock that begins again', { action: 'clock_reset' }, 'warning'],
    ['a gate that is to tell people', { action: 'gate_failed' }, 'warning'],
    ['an approval that is all that lacks', { action: 'approval_awaited' }, 'warning'],
    ['a promotion', { action: 'promote' }, 'info'],
  ])('gives %s its severity', (_name, over, severity) => {
    expect(told(over).severity).toBe(severity);
  });

  test('says nothing of the results of days', () => {
    expect(notificationOf(transitionWith({ action: 'days_judged' }), false)).toBeUndefined();
  });

  test('takes out of every text what a terminal would obey', () => {
    const reason = '\u001b[31mred\u001b[0m\nsecond line';
    const { title, reason: plain } = told({ reason, by: 'an\u202ea', evidence: { note: reason } });
    expect(title + plain).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(plain).toBe('red second line');
  });
});

describe('the name of a transition', () => {
  test('of a rollback is the same on replicas that rolled back by themselves in one generation', () => {
    const elsewhere = transitionWith({ at: '2026-01-02T03:04:06.000Z', by: 'slo', reason: 'burns' });
    expect(transitionKey(elsewhere)).toBe(transitionKey(transitionWith()));
  });

  test('of anything else stays when it is stored under another revision, and differs between two changes', () => {
    const moved = { ...raise(7), after: { ...raise(7).after, revision: 99 } };
    expect(transitionKey(moved)).toBe(transitionKey(raise(7)));
    expect(transitionKey(raise(7))).not.toBe(transitionKey(raise(8)));
  });
});

describe('the body for a receiver', () => {
  test('of kind json is the whole notification', () => {
    expect(JSON.parse(bodyFor('json', told()))).toEqual({ version: 1, ...told() });
  });

  test('of kind slack is one line of text and the same in blocks', () => {
    const body = JSON.parse(bodyFor('slack', told())) as { text: string; blocks: unknown[] };
    expect(body.text).toContain('rollback (25 % → 0 %');
    expect(body.blocks).toHaveLength(2);
  });

  test('of kind slack lets nobody call a channel, make a link or turn text bold from outside', () => {
    const body = bodyFor('slack', told({ reason: '<!channel> <https://x|click> *loud* & more' }));
    expect(body).not.toContain('<!channel>');
    expect(body).toContain('&lt;!channel&gt;');
    expect(body).toContain('\u200b*loud\u200b*');
  });

  test('says that it may come twice when nobody could make sure', () => {
    expect(bodyFor('slack', told({}, true))).toContain('more than once');
    expect(JSON.parse(bodyFor('json', told({}, true)))).toMatchObject({ possiblyRepeated: true });
  });
});
