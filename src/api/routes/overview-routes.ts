import { ROLES } from '../../kernel/roles';
import { meSchema, recentTrafficSchema } from '../schemas/overview';
import type { Route } from './route';

const READERS = ['viewer', 'operator'] as const;

/** What a page that shows everything asks for beside the rollout and the objectives. */
export const OVERVIEW_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/me',
    summary: 'Who the caller is, and what answers',
    roles: ROLES,
    answer: meSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/v1/traffic',
    summary:
      'How commands fared on either transport in the last quarter of an hour, in cells of five seconds',
    description: 'Counted by the replica that answers, over its own commands, whatever the generation.',
    roles: READERS,
    answer: recentTrafficSchema,
    refusals: [],
  },
];
