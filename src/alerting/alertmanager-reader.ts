import { z } from 'zod';
import { boundedFetch, type FetchLimits } from '../kernel/bounded-fetch';
import type { RollbackAlert } from '../slo/rollback-alerts';

const matcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});

const silencesSchema = z
  .array(
    z.object({
      id: z.string(),
      status: z.object({ state: z.string() }),
      matchers: z.array(matcher),
      createdBy: z.string().default(''),
      comment: z.string().default(''),
      endsAt: z.string(),
    }),
  )
  .max(10_000);

const alertsSchema = z
  .array(
    z.object({
      labels: z.record(z.string(), z.string()),
      status: z.object({ inhibitedBy: z.array(z.string()), silencedBy: z.array(z.string()) }),
    }),
  )
  .max(10_000);

type Silence = z.infer<typeof silencesSchema>[number];

/** What keeps rollback alerts from arriving here. */
export type Mutes =
  | { readonly kind: 'none' }
  | { readonly kind: 'muted'; readonly by: readonly string[] }
  | { readonly kind: 'unread'; readonly why: string };

const LIMITS: FetchLimits = { timeoutMs: 2000, maxBytes: 1_048_576 };

/**
 * Asks Alertmanager which silences would mute a rollback alert, and which firing ones are muted at this moment: a
 * silence that somebody made for his sleep switches the automatic rollback off without a word.
 */
export async function readMutes(url: string, rollbackAlerts: readonly RollbackAlert[]): Promise<Mutes> {
  const base = url.replace(/\/$/, '');
  const silences = await readJson(`${base}/api/v2/silences`, silencesSchema);
  if (typeof silences === 'string') return { kind: 'unread', why: silences };
  const filter = encodeURIComponent('action="rollback"');
  const alerts = await readJson(`${base}/api/v2/alerts?filter=${filter}`, alertsSchema);
  if (typeof alerts === 'string') return { kind: 'unread', why: alerts };
  const by = [
    ...silences.filter((silence) => mutesAny(silence, rollbackAlerts)).map(sayOfSilence),
    ...alerts
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => `${labels.alertname ?? 'an alert'} fires and is inhibited by another alert`),
  ];
  return by.length === 0 ? { kind: 'none' } : { kind: 'muted', by };
}

/** What the address answers, or why there is no answer. */
async function readJson<T>(address: string, schema: z.ZodType<T>): Promise<T | string> {
  const fetched = await boundedFetch(address, {}, LIMITS);
  if (fetched.kind === 'unreachable') return fetched.why;
  if (fetched.status !== 200) return `status ${fetched.status}`;
  const parsed = schema.safeParse(parseJson(fetched.text));
  return parsed.success ? parsed.data : 'the answer is not what Alertmanager answers';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mutesAny({ status, matchers }: Silence, alerts: readonly RollbackAlert[]): boolean {
  if (status.state !== 'active') return false;
  return alerts.some(({ labels }) => matchers.every((one) => mayMatch(one, labels)));
}

/** A label that is not known beforehand, such as the generation, may have the value that is asked for. */
function mayMatch(
  { name, value, isRegex, isEqual }: z.infer<typeof matcher>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const own = labels[name];
  // A pattern that is more than a list of words is not run here: somebody else wrote it, and it may take forever.
  if (own === undefined || (isRegex && !WORDS.test(value))) return true;
  return (isRegex ? value.split('|').includes(own) : value === own) === isEqual;
}

const WORDS = /^[\w|-]*$/;

function sayOfSilence({ id, createdBy, comment, endsAt }: Silence): string {
  return `silence ${id} of ${createdBy} until ${endsAt} ("${comment}")`;
}
