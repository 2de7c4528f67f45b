import type { AuditEntryView } from '../../../src/api/schemas/history';
import { viewWith } from '../../../test/support/rollout-views';
import { afterNews, announcement, EMPTY_BOARD, type Board, type News } from './board';
import { waitBefore } from './connection';

const state: AuditEntryView['before'] = {
  percentage: 0,
  holdback: 5,
  mirror: 0,
  pins: 0,
  revision: 1,
  generation: 1,
  automation: 'manual',
  stage: 'dark-launch',
};
const entry = (revision: number): AuditEntryView => ({
  at: '2026-01-01T00:00:00.000Z',
  by: 'ana',
  action: 'set_percentage',
  reason: 'r',
  before: state,
  after: { ...state, revision },
  evidence: {},
});
const planned = (over: Partial<ReturnType<typeof viewWith>['plan']>) =>
  viewWith({ plan: { ...viewWith().plan, ...over } });
const after = (...news: readonly News[]): Board => news.reduce(afterNews, EMPTY_BOARD);

describe('what the page shows', () => {
  it('is what the stream says last, also after a restart on an empty store', () => {
    const board = after(
      { kind: 'view', view: viewWith() },
      { kind: 'view', view: planned({ generation: 1, revision: 1 }) },
    );
    expect(board.view?.plan.generation).toBe(1);
  });

  it('does not go back for the late answer to a change', () => {
    const board = after(
      { kind: 'view', view: viewWith() },
      { kind: 'answer', view: planned({ revision: 16 }) },
    );
    expect(board.view?.plan.revision).toBe(17);
  });

  it('holds each entry of the history once, newest first, and no more than it can show', () => {
    const page = (from: number) => ({ entries: [entry(from), entry(from - 1)], next: `${from - 2}-1` });
    const board = after(
      { kind: 'newest', page: page(9) },
      { kind: 'entry', entry: entry(10) },
      { kind: 'entry', entry: entry(10) },
      { kind: 'older', page: page(7) },
    );
    expect(board.entries.map(({ after: { revision } }) => revision)).toEqual([10, 9, 8, 7, 6]);
    expect(board.older).toBe('5-1');
    const many = Array.from({ length: 2_000 }, (_, at): News => ({ kind: 'entry', entry: entry(at) }));
    expect(after(...many).entries).toHaveLength(500);
  });

  it('keeps the history that it has, and says why, while it cannot be read', () => {
    const known = after({ kind: 'newest', page: { entries: [entry(9)], next: null } });
    const without = afterNews(known, { kind: 'newest', page: { missing: 'Redis does not answer' } });
    expect(without).toMatchObject({ entries: known.entries, historyMissing: 'Redis does not answer' });
    const again = afterNews(without, { kind: 'newest', page: { entries: [entry(10)], next: null } });
    expect(again).toMatchObject({ entries: [entry(10)], historyMissing: undefined });
  });

  it('is stale since the first loss, until it is live again', () => {
    const lost = (nowMs: number, why: string): News => ({ kind: 'lost', nowMs, why });
    const board = after({ kind: 'live' }, lost(1, 'gone'), lost(2, 'still gone'));
    expect(board.connection).toEqual({ kind: 'stale', sinceMs: 1, why: 'still gone' });
    expect(afterNews(board, { kind: 'live' }).connection).toEqual({ kind: 'live' });
  });

  it('is told in words when something of weight changes, and only then', () => {
    const before = after({ kind: 'live' }, { kind: 'view', view: viewWith() });
    const told = (news: News) => announcement(before, afterNews(before, news));
    expect(told({ kind: 'view', view: planned({ percentage: 25 }) })).toBe('Now 25 % on new.');
    expect(told({ kind: 'view', view: viewWith({ automation: { kind: 'latched' } }) })).toContain('latched');
    expect(told({ kind: 'lost', nowMs: 1, why: 'x' })).toContain('lost');
    expect(told({ kind: 'share', effectivePercentage: 3 })).toBeUndefined();
    expect(told({ kind: 'view', view: viewWith() })).toBeUndefined();
  });
});

describe('the wait before another attempt', () => {
  it('doubles to a bound, and is not the same for every page', () => {
    expect([0, 1, 2, 3, 4, 50].map((attempt) => waitBefore(attempt, 1))).toEqual([
      1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
    expect(waitBefore(4, 0)).toBeLessThan(waitBefore(4, 1));
  });
});
