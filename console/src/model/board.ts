import type { AuditEntryView, HistoryView } from '../../../src/api/schemas/history';
import type { RecentTrafficView } from '../../../src/api/schemas/overview';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { SlosView } from '../../../src/api/schemas/slos';
import { lost, type Connection } from './connection';
import { merged } from './history';
import { percentText } from './texts';

/** Everything that the page shows. */
export interface Board {
  readonly connection: Connection;
  readonly view: RolloutView | undefined;
  readonly slos: SlosView | undefined;
  readonly traffic: RecentTrafficView | undefined;
  readonly entries: readonly AuditEntryView[];
  /** Where older entries begin; null: there are none. */
  readonly older: string | null;
  /** Why the entries cannot be read at present; undefined: they can. */
  readonly historyMissing: string | undefined;
}

export const EMPTY_BOARD: Board = {
  connection: { kind: 'connecting' },
  view: undefined,
  slos: undefined,
  traffic: undefined,
  entries: [],
  older: null,
  historyMissing: undefined,
};

export type News =
  /** What the stream says: the latest, whatever was known. After a restart on an empty store even the generation is lower. */
  | { readonly kind: 'view'; readonly view: RolloutView }
  /** The answer to a change; the stream may have been faster. */
  | { readonly kind: 'answer'; readonly view: RolloutView }
  | { readonly kind: 'share'; readonly effectivePercentage: number | null }
  | { readonly kind: 'entry'; readonly entry: AuditEntryView }
  /** Or why there is none: it stands in the store, which may be away. */
  | { readonly kind: 'newest'; readonly page: HistoryView | { readonly missing: string } }
  | { readonly kind: 'older'; readonly page: HistoryView }
  | {
      readonly kind: 'numbers';
      readonly slos: SlosView;
      readonly traffic: RecentTrafficView;
    }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly nowMs: number; readonly why: string };

export function afterNews(board: Board, news: News): Board {
  switch (news.kind) {
    case 'view':
      return { ...board, view: news.view };
    case 'answer':
      return isOlder(news.view, board.view) ? board : { ...board, view: news.view };
    case 'share':
      return board.view
        ? { ...board, view: { ...board.view, effectivePercentage: news.effectivePercentage } }
        : board;
    case 'entry':
      return { ...board, entries: merged(board.entries, [news.entry]) };
    case 'newest':
      return { ...board, ...newest(news.page) };
    case 'older':
      return { ...board, entries: merged(board.entries, news.page.entries), older: news.page.next };
    case 'numbers':
      return { ...board, slos: news.slos, traffic: news.traffic };
    case 'live':
      return { ...board, connection: { kind: 'live' } };
    case 'lost':
      return { ...board, connection: lost(board.connection, news.nowMs, news.why) };
  }
}

function newest(
  page: Extract<News, { kind: 'newest' }>['page'],
): Pick<Board, 'historyMissing'> & Partial<Board> {
  return 'missing' in page
    ? { historyMissing: page.missing }
    : { historyMissing: undefined, entries: merged([], page.entries), older: page.next };
}

function isOlder({ plan }: RolloutView, known: RolloutView | undefined): boolean {
  if (!known) return false;
  if (plan.generation !== known.plan.generation) return plan.generation < known.plan.generation;
  return plan.revision < known.plan.revision;
}

/** What somebody must be told who does not see the page; undefined when nothing of weight has changed. */
export function announcement(before: Board, after: Board): string | undefined {
  if (before.connection.kind !== after.connection.kind) {
    if (after.connection.kind === 'stale') return 'The connection is lost; what is shown may be old.';
    if (before.connection.kind === 'stale') return 'The connection is back.';
  }
  if (!before.view || !after.view || before.view === after.view) return undefined;
  const [was, is] = [before.view, after.view];
  const parts = [
    was.plan.percentage === is.plan.percentage ? '' : `Now ${percentText(is.plan.percentage)} on new.`,
    was.automation.kind === is.automation.kind ? '' : `The automation is ${is.automation.kind}.`,
    Boolean(was.freeze) === Boolean(is.freeze) ? '' : is.freeze ? 'Frozen.' : 'Not frozen any more.',
  ];
  const text = parts.filter(Boolean).join(' ');
  return text === '' ? undefined : text;
}
