import type { Role } from '../../kernel/roles';
import { historySchema, revisionSchema } from '../schemas/history';
import { legacyRemovalQuery, legacyRemovalSchema } from '../schemas/legacy-removal';
import { rolloutSchema } from '../schemas/rollout';
import {
  drillBody,
  historyQuery,
  holdbackBody,
  mirrorBody,
  percentageBody,
  pinsBody,
  promoteBody,
  releaseBody,
  rollbackBody,
} from '../schemas/rollout-wishes';
import { reasonBody } from '../schemas/shared';
import type { Route } from './route';

const READERS: readonly Role[] = ['viewer', 'operator'];
const IF_MATCH = {
  name: 'If-Match',
  description: 'The ETag of the revision that the change is meant for; another one is answered 412',
};
const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  description: 'The revision seen last: audit entries since then come first',
};

/** What all changes of the rollout have in common. */
const change = { roles: ['operator'], headers: [IF_MATCH], answer: rolloutSchema } as const;
const RAISE_REFUSALS = [409, 412, 429, 503] as const;
const LOWER_REFUSALS = [409, 412, 503] as const;

const reading: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/rollout',
    summary: 'Where the rollout stands; the ETag is its revision',
    roles: READERS,
    answer: rolloutSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/v1/rollout/history',
    summary: 'Who changed what and why, newest first, page by page',
    roles: READERS,
    query: historyQuery,
    answer: historySchema,
    refusals: [503],
  },
  {
    method: 'get',
    path: '/v1/rollout/history/{revision}',
    summary: 'What led to one revision, with its evidence',
    roles: READERS,
    answer: revisionSchema,
    refusals: [404, 503],
  },
  {
    method: 'get',
    path: '/v1/rollout/legacy-removal',
    summary: 'May the legacy transport be removed? What is true for it, what is not, what is not known',
    roles: READERS,
    query: legacyRemovalQuery,
    answer: legacyRemovalSchema,
    refusals: [503],
  },
  {
    method: 'get',
    path: '/v1/rollout/events',
    summary: 'Everything that happens to the rollout, as server-sent events',
    description:
      'rollout: the whole view, at the beginning and whenever it changes. audit: one entry of the history. traffic: the effective percentage. The id is the revision. A client that reads too slowly is sent away.',
    roles: READERS,
    headers: [LAST_EVENT_ID],
    answer: undefined,
    mediaType: 'text/event-stream',
    refusals: [429, 503],
  },
];

const traffic: readonly Route[] = [
  {
    ...change,
    method: 'put',
    path: '/v1/rollout/percentage',
    summary: 'Set the share of devices on the new transport',
    description:
      'A raise is refused while latched or frozen, and without "confirm" when it is larger than the policy’s maxStep. Takes an armed automation off.',
    body: percentageBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'put',
    path: '/v1/rollout/holdback',
    summary: 'Set the share of devices that stay on legacy, for comparison',
    description: 'Lowering it is a raise: it moves devices to the new transport.',
    body: holdbackBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'put',
    path: '/v1/rollout/mirror',
    summary: 'Switch the dark launch on or off, and set the share of devices that it shadows',
    body: mirrorBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'put',
    path: '/v1/rollout/pins',
    summary: 'Pin devices to a transport, or take pins away; merged into those there are',
    description: 'A pin to new, and taking away one to legacy, is a raise.',
    body: pinsBody,
    refusals: RAISE_REFUSALS,
  },
];

const automation: readonly Route[] = [
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/rollback',
    summary: 'Everything back to legacy, and latch',
    description: 'Takes effect before it is stored, looks at no revision and counts against no limit.',
    headers: [],
    body: rollbackBody,
    refusals: [503],
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/promote',
    summary: 'To the next stage of the ladder, now',
    description: 'Refused while a gate lacks something, unless confirmed.',
    body: promoteBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/approve',
    summary: 'Approve of leaving the present stage',
    body: reasonBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/pause',
    summary: 'The machine raises nothing any more; it still rolls back',
    body: reasonBody,
    refusals: LOWER_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/resume',
    summary: 'Arm the automation: the machine climbs the ladder when gates allow it',
    body: reasonBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/freeze',
    summary: 'Nobody raises anything, neither people nor the machine',
    body: reasonBody,
    refusals: LOWER_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/unfreeze',
    summary: 'End the freeze',
    body: reasonBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/release',
    summary: 'Open the latch and a new generation',
    body: releaseBody,
    refusals: RAISE_REFUSALS,
  },
  {
    ...change,
    method: 'post',
    path: '/v1/rollout/drill',
    summary: 'Rehearse a rollback, and record how long it took',
    description:
      'The guard with its settings, the decision and a router, on devices that do not exist: from the moment at which new falls silent until legacy serves all. With "seconds" nothing is rehearsed, and a rehearsal elsewhere is recorded. Changes nothing but what gates and the removal of legacy know of it.',
    body: drillBody,
    refusals: RAISE_REFUSALS,
  },
];

/** Seeing and steering the rollout. */
export const ROLLOUT_ROUTES: readonly Route[] = [...reading, ...traffic, ...automation];
