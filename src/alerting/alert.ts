import { z } from 'zod';

/** More than this in one delivery are not looked at; Alertmanager is told to send fewer (`max_alerts`). */
const MAX_ALERTS = 1000;

const MAX_LABELS = 64;
const MAX_URL = 4096;
const text = z.string().max(4096);
const labels = z
  .record(text, text)
  .refine((record) => Object.keys(record).length <= MAX_LABELS, `at most ${MAX_LABELS} labels`);

/** One alert as Alertmanager delivers it. What is not needed is ignored: newer versions add fields. */
const alertSchema = z.object({
  status: z.string(),
  labels,
  annotations: labels.default({}),
  startsAt: text.default(''),
  /** Leads to the expression that fires. Cut rather than refused: nothing depends on it. */
  generatorURL: z
    .string()
    .default('')
    .transform((url) => url.slice(0, MAX_URL)),
  fingerprint: text.default(''),
});
export type Alert = z.infer<typeof alertSchema>;

/** The body of a webhook call, version 4. One call may mix firing and resolved alerts. */
export const deliverySchema = z.object({
  version: z.literal('4'),
  alerts: z.array(alertSchema).max(MAX_ALERTS),
  /** So many alerts were cut off. */
  truncatedAlerts: z.number().int().min(0).default(0),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The alert that always fires: while it arrives, the way from Prometheus to here is open. */
const WATCHDOG = 'Watchdog';

/** What an alert asks for, under the generation that is current. */
export type AlertDemand =
  | { readonly kind: 'rollback' | 'pause'; readonly alert: Alert; readonly generation: number }
  /** Evidence of a generation that is over: recorded, and nothing else. */
  | { readonly kind: 'stale'; readonly alert: Alert; readonly generation: number }
  | { readonly kind: 'watchdog' }
  | { readonly kind: 'nothing'; readonly why: 'resolved' | 'no_action' | 'no_generation' };

/**
 * Only a firing alert that names its action and its generation acts. A resolved one never raises anything, and one
 * without a generation cannot be told from one about an earlier ramp.
 */
export function demandOf(alert: Alert, currentGeneration: number): AlertDemand {
  if (alert.labels.alertname === WATCHDOG) return { kind: 'watchdog' };
  if (alert.status !== 'firing') return { kind: 'nothing', why: 'resolved' };
  const { action, generation: label } = alert.labels;
  if (action !== 'rollback' && action !== 'pause') return { kind: 'nothing', why: 'no_action' };
  const generation = generationOf(label);
  if (generation === undefined) return { kind: 'nothing', why: 'no_generation' };
  return { kind: generation === currentGeneration ? action : 'stale', alert, generation };
}

/** Decimal digits only: Number() would take "" and "0x1" for numbers too. */
function generationOf(label: string | undefined): number | undefined {
  return label !== undefined && /^\d{1,15}$/.test(label) ? Number(label) : undefined;
}
