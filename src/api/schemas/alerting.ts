import { z } from 'zod';

const count = z.number().int().min(0);

export const deliveryAnswerSchema = z
  .object({
    changed: z.boolean(),
    rolledBack: count,
    paused: count,
    ignored: z.record(z.string(), count).meta({ description: 'Alerts that acted on nothing, by why' }),
  })
  .meta({ id: 'DeliveryAnswer' });
