import type { RolloutView } from '../../../src/api/schemas/rollout';
import { durationText } from '../../../src/cli/rollout/times';
import { fromNowText, percentText } from '../model/texts';
import { Panel } from './panel';

const MARKS = { done: '✓', current: '▶', ahead: '·' } as const;

/** The way up: what is behind, where it stands, what is ahead. */
export function Ladder({ view, nowMs }: { view: RolloutView; nowMs: number }) {
  const { ladder, stage } = view;
  return (
    <Panel id="ladder" title={`Ladder: stage ${stage.index} of ${stage.of}`}>
      <ol class="ladder">
        {ladder.map(({ name, percentage, state, holdMs }) => (
          <li key={name} class={state} aria-current={state === 'current' ? 'step' : undefined}>
            <span class="mark" aria-hidden="true">
              {MARKS[state]}
            </span>
            <span class="name">{name}</span>
            <span class="percentage">{percentText(percentage)}</span>
            <span class="note">
              {state === 'current'
                ? `for ${durationText(Math.max(0, nowMs - Date.parse(stage.enteredAt)))}`
                : state === 'done'
                  ? 'done'
                  : holdMs > 0
                    ? `${durationText(holdMs)} at least`
                    : 'ahead'}
            </span>
          </li>
        ))}
      </ol>
      {stage.clockReset && (
        <p class="note">
          Its clock began again {fromNowText(Date.parse(stage.clockReset.at), nowMs)}: {stage.clockReset.why}
        </p>
      )}
    </Panel>
  );
}
