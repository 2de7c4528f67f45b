import { ALL_OBJECTIVES, type Gate, type Ladder, type Stage } from './ladder';
import { orderFaults, type LadderFault } from './ladder-order';
import { lintObjectives, type LintedObjective } from './lint-objectives';
import { shareOfFleet, stepFaults } from './lint-steps';
import { count, duration, percent } from './sentences';
import { zoneSchema } from './ladder-schema';

/** What a ladder is held against. What is undefined is unknown, and its rules are left out. */
export interface LintParts {
  readonly ladder: Ladder;
  readonly maxStep: number;
  readonly fleet?: { readonly devices: number; readonly commandsPerSecond: number } | undefined;
  readonly objectives?: readonly LintedObjective[] | undefined;
  readonly scrapeIntervalMs?: number | undefined;
  /** Roles that may approve. */
  readonly roles?: readonly string[] | undefined;
}

const DAY_MS = 24 * 60 * 60_000;
/** How long evidence may take to gather where no objective says it. */
const LONGEST_WAIT_MS = 30 * DAY_MS;
const APPROVERS: readonly string[] = ['operator', 'admin'];

type Check = (place: Place, gate: Gate, parts: LintParts) => LadderFault | undefined;

interface Place {
  readonly where: string;
  readonly stage: Stage;
}

/** Everything that can never work, so that nobody finds out after a week at a gate. */
export function lintLadder(parts: LintParts): readonly LadderFault[] {
  const { stages } = parts.ladder;
  const gates = stages.flatMap((stage, index) =>
    stage.gates.flatMap((gate, at) =>
      CHECKS.map((check) => check({ where: `stages.${index}.gates.${at}`, stage }, gate, parts)),
    ),
  );
  return [
    ...orderFaults(stages),
    ...stepFaults(parts.ladder, parts.maxStep),
    ...lastStageFaults(stages),
    ...gates.filter((fault) => fault !== undefined),
    ...lintObjectives(stages, parts.objectives ?? [], parts.scrapeIntervalMs),
  ];
}

function lastStageFaults(stages: readonly Stage[]): LadderFault[] {
  const last = stages.at(-1);
  if (last === undefined || last.gates.length === 0) return [];
  const sentence = `${last.name} is the end of the ladder; nobody ever asks its gates`;
  return [{ rule: 'gates-after-the-end', where: `stages.${stages.length - 1}.gates`, sentence }];
}

const evidenceInReach: Check = ({ where, stage }, gate, { fleet, objectives }) => {
  if (gate.kind !== 'evidence') return undefined;
  const rule = 'evidence-out-of-reach';
  if (stage.percentage === 0)
    return { rule, where, sentence: `at 0 % no command goes to the new transport, so none can be clean` };
  if (fleet === undefined) return undefined;
  const perSecond = fleet.commandsPerSecond * shareOfFleet(stage);
  const within = objectives?.find(({ name }) => name === gate.objective)?.windowMs ?? LONGEST_WAIT_MS;
  const seen = (perSecond * within) / 1_000;
  if (seen >= gate.clean) return undefined;
  const sentence = `${count(gate.clean)} good events are needed, and ${count(fleet.devices)} devices with ${fleet.commandsPerSecond} commands/s give the new transport ${count(seen)} in ${duration(within)} at ${percent(stage.percentage)}`;
  return { rule, where, sentence };
};

const comparisonsInReach: Check = ({ where, stage }, gate, { fleet }) => {
  if (gate.kind !== 'mirror') return undefined;
  const rule = 'mirror-out-of-reach';
  if (stage.mirror === 0)
    return { rule, where, sentence: `${stage.name} has no mirror, so nothing is compared` };
  if (fleet === undefined) return undefined;
  const perSecond = fleet.commandsPerSecond * (stage.mirror / 100) * (1 - shareOfFleet(stage));
  const seen = (perSecond * LONGEST_WAIT_MS) / 1_000;
  if (seen >= gate.compared) return undefined;
  const sentence = `${count(gate.compared)} comparisons are needed, and ${fleet.commandsPerSecond} commands/s give ${count(seen)} in ${duration(LONGEST_WAIT_MS)}`;
  return { rule, where, sentence };
};

const holdCoversDays: Check = ({ where, stage }, gate) => {
  if (gate.kind !== 'days' || stage.holdMs >= gate.days * DAY_MS) return undefined;
  const sentence = `${gate.days} days in a row cannot have passed in a hold of ${duration(stage.holdMs)}`;
  return { rule: 'hold-shorter-than-window', where, sentence };
};

const cohortExists: Check = ({ where, stage }, gate) => {
  if (gate.kind !== 'coverage' || stage.percentage > 0) return undefined;
  return { rule: 'coverage-at-zero', where, sentence: 'at 0 % the cohort has no device that could speak' };
};

const budgetCanBeLeft: Check = ({ where }, gate) => {
  if (gate.kind !== 'budget' || gate.above < 100) return undefined;
  return { rule: 'budget-out-of-reach', where, sentence: 'more than 100 % of a budget is never left' };
};

const objectiveExists: Check = ({ where }, gate, { objectives }) => {
  if (!('objective' in gate) || objectives === undefined || gate.objective === ALL_OBJECTIVES)
    return undefined;
  if (objectives.some(({ name }) => name === gate.objective)) return undefined;
  const known = objectives.map(({ name }) => name).join(', ');
  return {
    rule: 'unknown-objective',
    where,
    sentence: `there is no objective ${gate.objective}; there are ${known}`,
  };
};

const approversExist: Check = ({ where }, gate, { roles = APPROVERS }) => {
  if (gate.kind !== 'approval' || roles.includes(gate.role)) return undefined;
  const sentence = `nobody of the role ${gate.role} may approve; the roles that may are ${roles.join(', ')}`;
  return { rule: 'unknown-role', where, sentence };
};

const zoneExists: Check = ({ where }, gate) => {
  if (gate.kind !== 'window' || zoneSchema.safeParse(gate.window.zone).success) return undefined;
  return { rule: 'unknown-zone', where, sentence: `there is no time zone ${gate.window.zone}` };
};

const CHECKS: readonly Check[] = [
  evidenceInReach,
  comparisonsInReach,
  holdCoversDays,
  cohortExists,
  budgetCanBeLeft,
  objectiveExists,
  approversExist,
  zoneExists,
];
