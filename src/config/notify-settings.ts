import { z } from 'zod';
import { RECEIVER_KINDS } from '../kernel/replica-facts';
import { SEVERITIES } from '../kernel/severity';
import { count } from './numbers';

const ms = (fallback: number, low = 0) => count(fallback, low, 3_600_000);

/** What a header may hold: printable, so that none can smuggle in a line of its own. */
const headerValue = z.string().regex(/^[\x20-\x7e]{0,4096}$/, 'printable ASCII of at most 4096 characters');
const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and dashes');

const receiver = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9 ._-]{1,64}$/, 'up to 64 letters, digits, blanks, dots, dashes and underscores')
      .describe('How log lines call it'),
    kind: z.enum(RECEIVER_KINDS).describe('json: the whole transition. slack: text for an incoming webhook'),
    url: z
      .url({ protocol: /^https?$/, error: 'an http or https address' })
      .optional()
      .describe('Where it is sent; either this or urlFile is given'),
    urlFile: z.string().min(1).optional().describe('File with the address, where that is a secret'),
    headers: z.record(headerName, headerValue).default({}).describe('Sent along'),
    secretFile: z
      .string()
      .min(1)
      .optional()
      .describe('File with a token, sent as Authorization: Bearer; read anew for each notification'),
    minimumSeverity: z.enum(SEVERITIES).default('info').describe('Less severe ones are not sent here'),
  })
  .refine(({ url, urlFile }) => (url === undefined) !== (urlFile === undefined), {
    error: 'either url or urlFile is given',
  });

/** Who is told of changes of the rollout. */
export const notify = z.strictObject({
  receivers: z
    .array(receiver)
    .max(20)
    .default([])
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      error: 'each receiver has a name of its own',
    })
    .describe('Whom to tell; each has a name of its own'),
  timeoutMs: ms(5_000, 100).describe('A receiver that takes longer to answer is tried again'),
  queueLimit: count(200, 1, 10_000).describe('Notifications that wait for one receiver'),
  retries: count(6, 0, 20).describe('How often a notification is tried again'),
  retryBaseMs: ms(1_000, 10).describe('Pause before the first retry; doubles with each'),
  retryCapMs: ms(60_000, 10).describe('Longest pause'),
  claimTtlMs: ms(600_000, 1_000).describe('How long a transition is known as told, over all replicas'),
  flushMs: ms(2_000).describe('How long what waits may take to be sent when the process stops'),
});
