import { DEFAULT_OBJECTIVES, type Objective, type Term } from '../../slo/objectives';
import type { LinesPanel } from './board';
import { upTo } from './panels';

const PPM = 1e6;

/** The objective that counts the same events as that of the programme, whatever it is called and wherever its limit is. */
export function counterpartOf(name: string, objectives: readonly Objective[]): Objective | undefined {
  const known = DEFAULT_OBJECTIVES.find((objective) => objective.name === name);
  if (!known) throw new RangeError(`there is no objective ${name}`);
  return objectives.find((objective) => countedBy(objective) === countedBy(known));
}

function countedBy({ bad, all }: Objective): string {
  const text = ({ metric, where }: Term): string =>
    JSON.stringify([metric, Object.entries(where).map(([label, values]) => [label, [...values].sort()])]);
  return JSON.stringify([bad, all].map((terms) => terms.map(text).sort()));
}

/** What is promised, behind the description of a panel that shows it; nothing where nobody promised it. */
export function promised(objective: Objective | undefined): string {
  return objective ? ` The objective ${objective.name} wants ${objective.targetPercent} % to be good.` : '';
}

/** A share of bad events, with the line that its objective draws. */
export function badShare(objective: Objective | undefined): Partial<LinesPanel> {
  if (!objective) return { unit: 'percentunit' };
  return { unit: 'percentunit', steps: upTo(objective.budgetPpm / PPM), limits: true };
}

/** A share of good events, likewise; red from five times the bad ones that are allowed. */
export function goodShare(objective: Objective | undefined): Partial<LinesPanel> {
  if (!objective) return { unit: 'percentunit', zoomed: true };
  const goodBut = (times: number): number => (PPM - times * objective.budgetPpm) / PPM;
  return {
    unit: 'percentunit',
    steps: [
      { from: null, color: 'red' },
      { from: goodBut(5), color: 'yellow' },
      { from: goodBut(1), color: 'green' },
    ],
    limits: true,
    zoomed: true,
  };
}
