import type { Objective } from '../../slo/objectives';
import type { Period } from '../../slo/period';
import type { LegacyUse } from '../../rollout/legacy-removal';

const COMMANDS = 'tcp_comm_command_total';

/** The objective that counts the most kinds of commands; undefined when none counts commands and nothing else. */
function countingCommands(period: Period): Period['objectives'][number] | undefined {
  const counting = period.objectives.filter(({ objective }) =>
    objective.all.every(({ metric, aboveSeconds }) => metric === COMMANDS && aboveSeconds === undefined),
  );
  return counting.sort((one, other) => kindsOf(other.objective) - kindsOf(one.objective))[0];
}

/** A term that names no outcome counts all of them. */
function kindsOf({ all }: Objective): number {
  return all.reduce((sum, { where }) => sum + (where.outcome?.length ?? Infinity), 0);
}

/** Commands over legacy, day by day. */
export function legacyUseOf(period: Period, shared: boolean): LegacyUse {
  const days = countingCommands(period)?.days ?? [];
  return {
    of: period.source === 'prometheus' || !shared ? 'all' : 'this replica',
    days: days.map(({ day, legacy }) => ({
      day,
      commands: legacy.kind === 'counts' ? legacy.all : undefined,
      coverage: legacy.kind === 'counts' ? legacy.coverage : 0,
    })),
  };
}
