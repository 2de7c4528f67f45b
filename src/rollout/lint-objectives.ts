import { ALL_OBJECTIVES, type Stage } from './ladder';
import type { LadderFault } from './ladder-order';
import { duration } from './sentences';

/** As much of an objective as a ladder can be held against. */
export interface LintedObjective {
  readonly name: string;
  /** Bad events allowed, in parts per million. */
  readonly budgetPpm: number;
  /** Over which its budget is counted. */
  readonly windowMs: number;
  readonly tiers: readonly {
    readonly longMs: number;
    readonly shortMs: number;
    /** How many times faster than allowed the budget must burn for the tier to speak. */
    readonly factor: number;
  }[];
}

const PPM = 1_000_000;
/** A rate over fewer samples than this jumps about, or has no value at all when one is missed. */
const SCRAPES_IN_A_WINDOW = 4;

export function lintObjectives(
  stages: readonly Stage[],
  objectives: readonly LintedObjective[],
  scrapeIntervalMs: number | undefined,
): LadderFault[] {
  const own = objectives.flatMap((objective) => [
    ...factorFaults(objective),
    ...(scrapeIntervalMs === undefined ? [] : scrapeFaults(objective, scrapeIntervalMs)),
  ]);
  return [...own, ...stages.flatMap((stage, index) => holdFaults(stage, index, objectives))];
}

/** With everything bad a budget burns 1/budget times too fast, and never faster. */
function factorFaults({ name, budgetPpm, tiers }: LintedObjective): LadderFault[] {
  const fastest = PPM / budgetPpm;
  return tiers.flatMap(({ factor }, index) => {
    if (factor <= fastest) return [];
    const sentence = `a factor of ${factor} is never reached: with every event bad the budget burns ${Math.round(fastest * 100) / 100} times too fast`;
    return [{ rule: 'factor-above-budget', where: `objectives.${name}.tiers.${index}`, sentence }];
  });
}

function scrapeFaults({ name, tiers }: LintedObjective, scrapeIntervalMs: number): LadderFault[] {
  return tiers.flatMap(({ shortMs }, index) => {
    if (shortMs >= SCRAPES_IN_A_WINDOW * scrapeIntervalMs) return [];
    const sentence = `a window of ${duration(shortMs)} has under ${SCRAPES_IN_A_WINDOW} scrapes of ${duration(scrapeIntervalMs)} in it`;
    return [{ rule: 'window-under-four-scrapes', where: `objectives.${name}.tiers.${index}`, sentence }];
  });
}

/** A stage that is left before its slowest tier has looked over one whole window is judged by the stage before. */
function holdFaults(stage: Stage, index: number, objectives: readonly LintedObjective[]): LadderFault[] {
  const judged = stage.gates.filter((gate) => gate.kind === 'objective').map(({ objective }) => objective);
  return objectives.flatMap(({ name, tiers }) => {
    if (!judged.includes(name) && !judged.includes(ALL_OBJECTIVES)) return [];
    const longest = Math.max(0, ...tiers.map(({ longMs }) => longMs));
    if (stage.holdMs >= longest) return [];
    const sentence = `a hold of ${duration(stage.holdMs)} is shorter than the ${duration(longest)} over which ${name} is judged`;
    return [{ rule: 'hold-shorter-than-window', where: `stages.${index}.hold`, sentence }];
  });
}
