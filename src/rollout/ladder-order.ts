/** Something that a ladder cannot be or do. */
export interface LadderFault {
  /** Name of the rule. */
  readonly rule: string;
  /** Such as `stages.2.percentage`. */
  readonly where: string;
  readonly sentence: string;
}

/** As much of a stage as the rules of order look at; it may come straight from a file. */
interface Ordered {
  readonly name?: unknown;
  readonly percentage?: unknown;
  readonly holdback?: unknown;
  readonly gates?: unknown;
}

/**
 * What must hold from one stage to the next: cohorts are nested, so a percentage never falls and a holdback never
 * rises on the way up. What is no number here is a fault of its shape, and told elsewhere.
 */
export function orderFaults(stages: readonly Ordered[]): LadderFault[] {
  return [
    ...startFaults(stages),
    ...fallingFaults(stages),
    ...holdbackFaults(stages),
    ...nameFaults(
      stages.map(({ name }) => name),
      'stages',
      'stage',
    ),
    ...stages.flatMap((stage, index) => nameFaults(gateNames(stage), `stages.${index}.gates`, 'gate')),
  ];
}

function startFaults([first]: readonly Ordered[]): LadderFault[] {
  if (typeof first?.percentage !== 'number' || first.percentage === 0) return [];
  const sentence = `a ladder begins at 0 %, where a rollback leads, not at ${first.percentage} %`;
  return [{ rule: 'first-stage-at-zero', where: 'stages.0.percentage', sentence }];
}

function fallingFaults(stages: readonly Ordered[]): LadderFault[] {
  let highest = 0;
  return stages.flatMap(({ percentage }, index) => {
    if (typeof percentage !== 'number') return [];
    const before = highest;
    highest = Math.max(highest, percentage);
    const sentence = `${percentage} % comes after ${before} %; stages are nested, so the percentage never falls`;
    return percentage < before
      ? [{ rule: 'percentage-falls', where: `stages.${index}.percentage`, sentence }]
      : [];
  });
}

function holdbackFaults(stages: readonly Ordered[]): LadderFault[] {
  let lowest = 100;
  return stages.flatMap(({ holdback }, index) => {
    if (typeof holdback !== 'number') return [];
    const before = lowest;
    lowest = Math.min(lowest, holdback);
    const sentence = `a holdback of ${holdback} % comes after one of ${before} %; on the way up it never rises`;
    return holdback > before ? [{ rule: 'holdback-rises', where: `stages.${index}.holdback`, sentence }] : [];
  });
}

function nameFaults(names: readonly unknown[], where: string, what: string): LadderFault[] {
  return names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) < index
      ? [
          {
            rule: `${what}-name-twice`,
            where: `${where}.${index}.name`,
            sentence: `there is a ${what} called "${name}" already`,
          },
        ]
      : [],
  );
}

function gateNames({ gates }: Ordered): readonly unknown[] {
  return Array.isArray(gates) ? gates.map((gate: unknown) => (isRecord(gate) ? gate.name : undefined)) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
