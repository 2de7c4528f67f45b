import { z } from 'zod';
import { VERDICTS } from '../../slo/verdict';

const share = z.number().nullable();

export const burnRateSchema = z.object({
  rule: z.string().meta({ example: 'burn_1h_5m' }),
  state: z.enum(['failing', 'clear', 'insufficient', 'unknown']),
  burnRate: share.meta({
    description: 'Times as fast as allowed, over the long window; null without events',
  }),
});

export const objectiveSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    verdict: z.enum(VERDICTS),
    why: z.string(),
    target: z.number().meta({ description: 'Share of good events wanted, 0 to 1' }),
    window: z.string().meta({ example: '30d' }),
    observeOnly: z.boolean(),
    ratio: share.meta({ description: 'Bad of all events of the new transport in this generation' }),
    bad: share,
    all: share,
    legacy: z.object({ bad: z.number(), all: z.number() }).nullable(),
    evidenceNeeded: z.number().meta({ description: 'Events that a verdict of pass wants' }),
    evidence: z.string().meta({ description: 'What is there of them, and when it will be enough' }),
    readyAt: z.string().nullable(),
    eventsPerSecond: share,
    budgetLeft: share.meta({ description: 'In this generation: 1 untouched, negative overspent' }),
    budgetLeftWhole: share.meta({ description: 'Over the whole window, whatever the generation' }),
    timeToExhaustionMs: share,
    young: z
      .boolean()
      .meta({ description: 'So little of the window was measured that the budget says little' }),
    coverage: z.number().meta({ description: 'Share of the window that was measured, 0 to 1' }),
    burnRates: z.array(burnRateSchema),
  })
  .meta({ id: 'Objective' });
export type ObjectiveView = z.infer<typeof objectiveSchema>;

export const slosSchema = z
  .object({
    at: z.string().nullable().meta({ description: 'When it was judged; null when not yet, or too long ago' }),
    generation: z.number().int(),
    verdict: z.enum(VERDICTS).meta({ description: 'The worst of all that may demand something' }),
    disagreements: z
      .array(z.string())
      .meta({ description: 'Where Prometheus and the counters of this process tell different stories' }),
    objectives: z.array(objectiveSchema),
  })
  .meta({ id: 'Slos' });
export type SlosView = z.infer<typeof slosSchema>;
