import type { RolloutView } from '../../../src/api/schemas/rollout';
import { fromNowText, instantText } from '../model/texts';
import { Panel } from './panel';

const MARKS = { open: '✓', closed: '…', failing: '✗' } as const;

/** What must be true to go on, and what is not yet. */
export function Gates({ view, nowMs }: { view: RolloutView; nowMs: number }) {
  const { gates, stage } = view;
  return (
    <Panel id="gates" title={stage.next === null ? 'Gates' : `Gates to ${stage.next}`}>
      {gates.length === 0 && <p class="note">No gate stands here.</p>}
      <ul class="gates">
        {gates.map(({ name, state, lacks, readyAt }) => (
          <li key={name} class={state}>
            <span class="mark" aria-hidden="true">
              {MARKS[state]}
            </span>
            <span>
              <strong>{name}</strong> <span class="state">{state}</span>
              {lacks?.split('; ').map((lack) => (
                <span key={lack} class="lacks">
                  {lack}
                </span>
              ))}
              {readyAt !== null && (
                <span class="note">
                  ready <time dateTime={readyAt}>{fromNowText(Date.parse(readyAt), nowMs)}</time>,{' '}
                  {instantText(Date.parse(readyAt))}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {stage.approvals.map(({ by, role, at, reason }) => (
        <p key={`${by} ${at}`} class="note">
          Approved by {by} ({role}), {fromNowText(Date.parse(at), nowMs)}: {reason}
        </p>
      ))}
    </Panel>
  );
}
