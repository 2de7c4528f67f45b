import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { MeView } from '../../../src/api/schemas/overview';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { Client } from '../api/client';
import { follow } from '../api/follow';
import { announcement, afterNews, EMPTY_BOARD, type Board } from '../model/board';
import { actionsFor, type ActionName } from '../model/actions';
import { ActionBar } from './action-bar';
import { ActionDialog } from './action-dialog';
import { Budgets } from './budgets';
import { Gates } from './gates';
import { HeadlinePart } from './headline-part';
import { History } from './history';
import { Ladder } from './ladder';
import { PageHeader } from './page-header';
import { Standing } from './standing';
import { Surroundings } from './surroundings';
import { Traffic } from './traffic';
import { useNow } from './hooks';

export interface BoardPageProps {
  readonly client: Client;
  readonly me: MeView;
  /** Undefined where there is no token to forget. */
  readonly onLeave: (() => void) | undefined;
  readonly onSignedOut: (why: string) => void;
}

/** Everything, once somebody is known to be allowed to see it. */
export function BoardPage({ client, me, onLeave, onSignedOut }: BoardPageProps) {
  const [board, tell] = useReducer(afterNews, EMPTY_BOARD);
  const [open, setOpen] = useState<ActionName>();
  const [note, setNote] = useState<string>();
  const nowMs = useNow();
  useEffect(() => follow({ client, tell, onSignedOut }), [client]);
  const said = useAnnouncement(board);
  const changed = useCallback((view: RolloutView) => {
    tell({ kind: 'answer', view });
    setNote(view.unchanged === undefined ? undefined : `Nothing was changed: ${view.unchanged}.`);
  }, []);
  const { view } = board;
  const actions = view ? actionsFor(view, me.role) : [];
  return (
    <>
      <PageHeader me={me} connection={board.connection} nowMs={nowMs} onLeave={onLeave} />
      <p class="visually-hidden" role="status" aria-live="polite">
        {said}
      </p>
      <main>
        {view === undefined ? (
          <p class="center">Waiting for the first view …</p>
        ) : (
          <>
            <HeadlinePart seen={{ view, slos: board.slos }} nowMs={nowMs} />
            {note !== undefined && (
              <p class="note-bar" role="status">
                {note}
              </p>
            )}
            {actions.length > 0 && <ActionBar actions={actions} onAction={setOpen} />}
            <Panels board={board} view={view} nowMs={nowMs} client={client} tell={tell} />
            {open !== undefined && (
              <ActionDialog
                key={open}
                action={open}
                view={view}
                client={client}
                onChanged={changed}
                onSeen={(seen) => tell({ kind: 'answer', view: seen })}
                onClose={() => setOpen(undefined)}
              />
            )}
          </>
        )}
      </main>
    </>
  );
}

interface PanelsProps {
  readonly board: Board;
  readonly view: RolloutView;
  readonly nowMs: number;
  readonly client: Client;
  readonly tell: (news: Parameters<typeof afterNews>[1]) => void;
}

function Panels({ board, view, nowMs, client, tell }: PanelsProps) {
  const more = (after: string): Promise<void> =>
    client.history(after).then((page) => tell({ kind: 'older', page }));
  return (
    <div class="panels">
      <Standing view={view} nowMs={nowMs} />
      <Ladder view={view} nowMs={nowMs} />
      <Gates view={view} nowMs={nowMs} />
      <Traffic traffic={board.traffic} view={view} />
      <Budgets slos={board.slos} nowMs={nowMs} />
      <Surroundings view={view} nowMs={nowMs} />
      <History board={board} nowMs={nowMs} onOlder={more} />
    </div>
  );
}

/** What changed last, in words, for who hears the page. */
function useAnnouncement(board: Board): string {
  const before = useRef(board);
  const said = useRef('');
  if (before.current !== board) {
    said.current = announcement(before.current, board) ?? said.current;
    before.current = board;
  }
  return said.current;
}
