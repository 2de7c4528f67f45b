import { z } from 'zod';
import { percentage } from './shared';

const auditedSchema = z.object({
  percentage,
  holdback: percentage,
  mirror: percentage,
  pins: z.number().int(),
  revision: z.number().int(),
  generation: z.number().int(),
  automation: z.string(),
  stage: z.string(),
});

export const auditEntrySchema = z
  .object({
    at: z.string(),
    by: z.string(),
    action: z.string(),
    reason: z.string(),
    before: auditedSchema,
    after: auditedSchema,
    evidence: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

export const historySchema = z
  .object({
    entries: z.array(auditEntrySchema),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last one' }),
  })
  .meta({ id: 'History' });
export type HistoryView = z.infer<typeof historySchema>;

/** What led to one revision, and what was recorded while it was the current one. Newest first. */
export const revisionSchema = z
  .object({ revision: z.number().int(), entries: z.array(auditEntrySchema) })
  .meta({ id: 'RevisionHistory' });
export type RevisionView = z.infer<typeof revisionSchema>;
