import { z } from 'zod';
import { daysInUrl } from './slo-report';

const DEFAULT_DAYS = 7;

const answer = z.enum(['yes', 'no', 'unknown']);

export const legacyRemovalSchema = z
  .object({
    at: z.string(),
    answer: answer.meta({ description: 'May the legacy transport be removed? Unknown is not yes' }),
    days: z.number().int().meta({ description: 'Whole days without legacy traffic that were asked for' }),
    items: z.array(
      z.object({
        name: z.string(),
        answer,
        finding: z.string().meta({ description: 'What was found, in a sentence' }),
        todo: z.string().nullable().meta({ description: 'What to do about it; null when the answer is yes' }),
      }),
    ),
  })
  .meta({ id: 'LegacyRemoval' });
export type LegacyRemovalView = z.infer<typeof legacyRemovalSchema>;

export const legacyRemovalQuery = z.strictObject({
  days: daysInUrl(DEFAULT_DAYS).meta({ description: 'Whole days without legacy traffic that are wanted' }),
});
