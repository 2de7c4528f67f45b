import { z } from 'zod';
import { durationText } from '../../slo/duration';
import { evidenceForecast, evidenceReadyAt } from '../../slo/forecast';
import { worstOf } from '../../slo/objective-verdict';
import { passEvents, type Objective } from '../../slo/objectives';
import type { Judgement, ObjectiveVerdict } from '../../slo/verdict';
import { burnRateSchema, type ObjectiveView, type SlosView } from '../schemas/slos';

export interface SloState {
  readonly objectives: readonly Objective[];
  /** The latest one, unless it is too old. */
  readonly judgement: Judgement | undefined;
  readonly generation: number;
  readonly disagreements: readonly string[];
  readonly nowMs: number;
}

/** The part of a verdict's evidence that is shown. Another replica may have written it: it is read with care. */
const shownEvidence = z
  .object({
    ratio: z.number().nullable().catch(null),
    legacy: z.object({ bad: z.number(), all: z.number() }).nullable().catch(null),
    timeToExhaustionMs: z.number().nullable().catch(null),
    young: z.boolean().catch(false),
    burnRates: z
      .array(
        burnRateSchema.extend({
          burnRate: z
            .number()
            .nullish()
            .transform((rate) => rate ?? null),
        }),
      )
      .catch([]),
  })
  .catch({ ratio: null, legacy: null, timeToExhaustionMs: null, young: false, burnRates: [] });

const COUNTED = 'events';

export function slosView({ objectives, judgement, generation, disagreements, nowMs }: SloState): SlosView {
  const shown = objectives.map((objective) => {
    const verdict = judgement?.objectives.find((one) => one.objective === objective.name);
    return objectiveView(objective, verdict ?? notJudged(objective), nowMs);
  });
  return {
    at: judgement?.at ?? null,
    generation,
    verdict: worstOf(shown.filter(({ observeOnly }) => !observeOnly).map(({ verdict }) => verdict)),
    disagreements: [...disagreements],
    objectives: shown,
  };
}

function objectiveView(objective: Objective, found: ObjectiveVerdict, nowMs: number): ObjectiveView {
  const evidence = shownEvidence.parse(found.evidence);
  const state = {
    seen: found.all ?? 0,
    needed: found.evidenceNeeded,
    eventsPerSecond: found.eventsPerSecond,
    nowMs,
  };
  const readyAt = evidenceReadyAt(state);
  return {
    name: objective.name,
    title: objective.title,
    verdict: found.verdict,
    why: found.why,
    target: found.target,
    window: durationText(objective.windowMs),
    observeOnly: objective.observeOnly,
    ...evidence,
    bad: found.bad ?? null,
    all: found.all ?? null,
    evidenceNeeded: found.evidenceNeeded,
    evidence: evidenceForecast(state, COUNTED),
    readyAt: readyAt === undefined ? null : new Date(readyAt).toISOString(),
    eventsPerSecond: found.eventsPerSecond ?? null,
    budgetLeft: found.budgetLeft ?? null,
    budgetLeftWhole: found.budgetLeftWhole ?? null,
    coverage: found.coverage,
  };
}

function notJudged(objective: Objective): ObjectiveVerdict {
  return {
    objective: objective.name,
    verdict: 'unknown',
    why: 'not judged yet, or too long ago',
    target: objective.targetPercent / 100,
    bad: undefined,
    all: undefined,
    evidenceNeeded: passEvents(objective),
    eventsPerSecond: undefined,
    budgetLeft: undefined,
    budgetLeftWhole: undefined,
    coverage: 0,
    evidence: {},
  };
}
