import { z } from 'zod';
import { count } from './numbers';

const MINUTE_MS = 60_000;

/** What the rollout's part of the HTTP API allows its callers. */
export const control = z.strictObject({
  raisesPerSecond: z
    .number()
    .min(0.01)
    .max(1000)
    .default(2)
    .describe('Changes of the rollout a second and token, over a while; what lowers is not counted'),
  raiseBurst: count(20, 1, 10_000).describe('Such changes at once after a quiet time'),
  callers: count(1_000, 1, 100_000).describe('Tokens whose rate is remembered; the longest unused go first'),
  eventStreams: count(100, 1, 10_000).describe('Clients that may read the events at once'),
  eventBufferBytes: count(1_048_576, 1024, 1_073_741_824).describe(
    'A client that leaves more than this unread is sent away',
  ),
  heartbeatMs: count(15_000, 100, 10 * MINUTE_MS).describe('Time between two heartbeats of an event stream'),
  trafficMs: count(2_000, 100, MINUTE_MS).describe(
    'How often it is looked whether there is something to tell',
  ),
  replay: count(200, 1, 10_000).describe('Audit entries that a client which comes back is told at most'),
});
