import { useState } from 'preact/hooks';
import type { AuditEntryView } from '../../../src/api/schemas/history';
import { evidenceRows } from '../../../src/cli/rollout/evidence-rows';
import { sentenceOf } from '../api/client';
import type { Board } from '../model/board';
import { actionText, changeText, keyOf } from '../model/history';
import { fromNowText, instantText } from '../model/texts';
import { Panel } from './panel';

interface HistoryProps {
  readonly board: Pick<Board, 'entries' | 'older' | 'historyMissing'>;
  readonly nowMs: number;
  readonly onOlder: (after: string) => Promise<void>;
}

/** Who changed what, why, and on what evidence. */
export function History({ board: { entries, older, historyMissing }, nowMs, onOlder }: HistoryProps) {
  const [trouble, setTrouble] = useState('');
  const more = (after: string): void => {
    setTrouble('');
    onOlder(after).catch((error: unknown) => setTrouble(sentenceOf(error)));
  };
  return (
    <Panel id="history" title="What happened" width="broad">
      {historyMissing !== undefined && <p class="refusal">It cannot be read now: {historyMissing}.</p>}
      <ol class="history">
        {entries.map((entry) => (
          <Entry key={keyOf(entry)} entry={entry} nowMs={nowMs} />
        ))}
      </ol>
      {trouble !== '' && (
        <p role="alert" class="refusal">
          {trouble}
        </p>
      )}
      {older !== null && (
        <button type="button" onClick={() => more(older)}>
          Older
        </button>
      )}
    </Panel>
  );
}

function Entry({ entry, nowMs }: { entry: AuditEntryView; nowMs: number }) {
  const { at, by, action, reason, after } = entry;
  const rows = evidenceRows(entry.evidence);
  return (
    <li class={action}>
      <p>
        <strong>{actionText(action)}</strong> {changeText(entry)}{' '}
        <span class="note">
          by {by}, <time dateTime={at}>{fromNowText(Date.parse(at), nowMs)}</time>,{' '}
          {instantText(Date.parse(at))}, g{after.generation} r{after.revision}
        </span>
      </p>
      <p class="reason">{reason}</p>
      {rows.length > 0 && (
        <details>
          <summary>Evidence</summary>
          <dl class="rows">
            {rows.map(([name, text]) => (
              <>
                <dt key={name}>{name}</dt>
                <dd>
                  <pre tabIndex={0}>{text}</pre>
                </dd>
              </>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
