import { z } from 'zod';
import { count } from './numbers';

/** Part of a key: no braces, which have a meaning in a cluster, and no colons, which divide names. */
const keyPart = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dots, dashes and underscores');
const file = z.string().min(1);

/** The message never repeats the text, which may hold a password. */
const redisUrl = z
  .string()
  .refine(isRedisUrl, 'an address such as rediss://user:password@host:6379/0, of the scheme redis or rediss');

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d{0,4})?$/.test(pathname);
}

const sentinel = z.strictObject({
  name: z.string().min(1).describe('What the Sentinels call the master'),
  nodes: z
    .array(z.string().regex(/^[^\s:]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'host:port'))
    .min(1)
    .max(20)
    .describe('host:port of each Sentinel'),
  passwordFile: file.optional().describe('File with the password of the Sentinels'),
});

/** Where the rollout is kept: in a file of the state directory, or in a Redis that replicas share. */
export const store = z
  .strictObject({
    url: redisUrl.optional().describe('Address of Redis; without it the file is used'),
    passwordFile: file
      .optional()
      .describe('File with the password, read again at each connect; goes before the one of the address'),
    sentinel: sentinel
      .optional()
      .describe('Finds the master by Sentinels; host and port of the address are not used then'),
    keyPrefix: keyPart.default('pointsman').describe('All keys begin with it'),
    rollout: keyPart.default('main').describe('Name of the rollout; processes that name the same share it'),
    commandTimeoutMs: count(400, 50, 5_000).describe('An answer that takes longer counts as none'),
    connectTimeoutMs: count(1_000, 50, 30_000).describe('How long a connection may take to come about'),
    firstReadMs: count(1_500, 0, 60_000).describe(
      'How long the start waits for Redis; then it goes on at 0 % and follows what is stored when Redis answers',
    ),
    pollMs: count(1_000, 50, 60_000).describe(
      'How often the rollout is read although no message came, about',
    ),
    waitReplicas: count(0, 0, 10).describe(
      'Replicas of Redis that must have a change before it counts as stored',
    ),
    waitMs: count(200, 10, 5_000).describe('How long they may take'),
    documentLimitBytes: count(1_048_576, 16_384, 16_777_216).describe('A longer rollout is not believed'),
    entryLimitBytes: count(65_536, 4_096, 1_048_576).describe('A longer audit entry loses its evidence'),
  })
  .refine(({ waitMs, commandTimeoutMs }) => waitMs < commandTimeoutMs, {
    error: 'waitMs must be below commandTimeoutMs',
  });
