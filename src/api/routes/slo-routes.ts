import { slosSchema } from '../schemas/slos';
import type { Route } from './route';

/** The objectives. */
export const SLO_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/slos',
    summary: 'How the new transport fares: each objective’s verdict, budget, burn rates and evidence',
    description:
      'The latest judgement of this generation, by whichever replica. Before the first one, and when the last is too old, every verdict is unknown.',
    roles: ['viewer', 'operator'],
    answer: slosSchema,
    refusals: [],
  },
];
