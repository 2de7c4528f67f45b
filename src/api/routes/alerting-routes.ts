import { deliverySchema } from '../../alerting/alert';
import { deliveryAnswerSchema } from '../schemas/alerting';
import type { Route } from './route';

/** What alerting systems call. */
export const ALERTING_ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/webhooks/alertmanager',
    summary: 'Take a delivery of Alertmanager, version 4',
    description:
      'A firing alert labelled action="rollback" or "pause" acts when its generation is the current one; everything else is counted. 503 asks for the same delivery again: what took effect is not stored yet.',
    roles: ['hook'],
    body: deliverySchema,
    answer: deliveryAnswerSchema,
    refusals: [413, 503],
  },
];
