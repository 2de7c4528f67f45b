import { z } from 'zod';
import type { AuditEntryView } from '../api/schemas/history';
import { isAutomatic } from './incidents';

/** What is read of evidence, whoever wrote it. What is not there, or is something else, is left out. */
const shown = z.object({
  rule: z.string().optional().catch(undefined),
  score: z.number().optional().catch(undefined),
  limit: z.number().optional().catch(undefined),
  burnRate: z.number().optional().catch(undefined),
  thresholds: z.object({ factor: z.number() }).optional().catch(undefined),
  objective: z.object({ name: z.string() }).optional().catch(undefined),
  control: z.string().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
  gate: z.string().optional().catch(undefined),
});

/** The evidence of a rollback in one sentence. */
export function evidenceSentence(entry: AuditEntryView): string {
  if (!isAutomatic(entry)) return 'by hand, without evidence of the machine';
  const { rule, score, limit, burnRate, thresholds, objective, control, scope, gate } = shown.parse(
    entry.evidence,
  );
  const parts = [
    ...(objective === undefined ? [] : [`objective ${objective.name}`]),
    ...(rule === undefined ? [] : [`rule ${rule}`]),
    ...(gate === undefined ? [] : [`gate ${gate}`]),
    ...(score === undefined || limit === undefined ? [] : [`at ${brief(score)}, limit ${brief(limit)} nats`]),
    ...(burnRate === undefined ? [] : [`burning ${brief(burnRate)} times as fast as allowed`]),
    ...(thresholds === undefined ? [] : [`allowed ${brief(thresholds.factor)}`]),
    ...(control === undefined ? [] : [`legacy beside it: ${control}`]),
    ...(scope === undefined ? [] : [`seen by ${scope}`]),
  ];
  return parts.length > 0
    ? parts.join(', ')
    : `${Object.keys(entry.evidence).length} facts are stored with it`;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(3)));
}
