import type { SlosView } from '../../../src/api/schemas/slos';
import { budgetRow, type BudgetRow } from '../model/budget';
import { fromNowText } from '../model/texts';
import { Panel } from './panel';

const MARKS: Readonly<Record<BudgetRow['verdict'], string>> = {
  pass: '✓',
  fail: '✗',
  insufficient: '…',
  unknown: '?',
};

/** Each objective of the new transport, and what is left of its error budget. */
export function Budgets({ slos, nowMs }: { slos: SlosView | undefined; nowMs: number }) {
  return (
    <Panel id="budgets" title="Objectives and error budgets" width="wide">
      {slos === undefined ? (
        <p class="note">Asking …</p>
      ) : (
        <>
          <p class="note">
            {slos.at === null
              ? 'Nothing was judged yet.'
              : `Judged ${fromNowText(Date.parse(slos.at), nowMs)}, in generation ${slos.generation}.`}
          </p>
          {slos.disagreements.map((sentence) => (
            <p key={sentence} class="refusal">
              {sentence}
            </p>
          ))}
          <ul class="budgets">
            {slos.objectives.map((objective) => (
              <Budget key={objective.name} row={budgetRow(objective)} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Budget({ row }: { row: BudgetRow }) {
  const { verdict, title, verdictText, left, leftText } = row;
  return (
    <li class={verdict}>
      <p class="title">
        <span class="mark" aria-hidden="true">
          {MARKS[verdict]}
        </span>
        <strong>{title}</strong> <span class="state">{verdictText}</span>
      </p>
      <svg class="budget-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="6" />
        {left !== undefined && <rect class="left" width={left * 100} height="6" />}
      </svg>
      <p>
        budget {leftText}; {row.pace}
      </p>
      <p class="note">
        {row.measured} measured, {row.target} wanted. {row.evidence}.
      </p>
      {verdict !== 'pass' && <p class="note">{row.why}</p>}
    </li>
  );
}
