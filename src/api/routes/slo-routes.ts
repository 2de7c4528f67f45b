import { sloReportQuery, sloReportSchema } from '../schemas/slo-report';
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
  {
    method: 'get',
    path: '/v1/slos/report',
    summary: 'How both transports fared day by day over a period, over all generations',
    description:
      'From Prometheus where one is configured, else from the counts that the answering replica keeps. What was not measured is null, with the reason.',
    roles: ['viewer', 'operator'],
    query: sloReportQuery,
    answer: sloReportSchema,
    refusals: [503],
  },
];
