import { z } from 'zod';
import { receiptSchema } from './commands';

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), rule: z.string() })).optional(),
    receipt: receiptSchema.optional(),
    current: z.unknown().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
export type Problem = z.infer<typeof problemSchema>;

export const statusSchema = z.object({ status: z.string() });
