import fc from 'fast-check';
import type { AuditEntry } from '../../rollout/document';
import { historyPage } from './history-page';

/** Newest first. */
function trailOf(...revisions: readonly number[]): AuditEntry[] {
  return revisions.map((revision, at) => {
    const state = { revision } as AuditEntry['after'];
    return {
      at: String(at),
      by: 'ana',
      action: 'pause',
      reason: '',
      before: state,
      after: state,
      evidence: {},
    };
  });
}

function pages(trail: readonly AuditEntry[], limit: number): readonly (readonly AuditEntry[])[] {
  const found: (readonly AuditEntry[])[] = [];
  let after: string | undefined;
  do {
    const page = historyPage(trail, { limit, after });
    found.push(page.entries);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
}

describe('historyPage', () => {
  it('gives each entry once, newest first, whatever the size of the page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        (steps, limit) => {
          let revision = 100;
          const trail = trailOf(...steps.map((step) => (revision -= step)));
          expect(pages(trail, limit).flat()).toEqual(trail);
        },
      ),
    );
  });

  it('goes on where it was when the present revision has got more entries meanwhile', () => {
    const trail = trailOf(5, 5, 5, 4);
    const { next } = historyPage(trail, { limit: 2 });
    const grown = [...trailOf(6, 5), ...trail];
    expect(historyPage(grown, { limit: 9, after: next ?? '' }).entries).toEqual(trail.slice(2));
  });

  it('ends when what would follow has been forgotten', () => {
    expect(historyPage(trailOf(9, 8), { limit: 5, after: '3-1' })).toEqual({ entries: [], next: null });
  });

  it('has no next page when the last entry is on it', () => {
    expect(historyPage(trailOf(2, 1), { limit: 2 }).next).toBeNull();
    expect(historyPage(trailOf(2, 1), { limit: 1 }).next).toBe('1-1');
  });
});
