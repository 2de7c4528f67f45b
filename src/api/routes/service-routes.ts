import { statusSchema } from '../schemas/problem';
import type { Route } from './route';

/** The process itself. */
export const SERVICE_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process answers',
    roles: [],
    answer: statusSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether it should get traffic',
    roles: [],
    answer: statusSchema,
    refusals: [503],
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    roles: [],
    answer: undefined,
    refusals: [],
  },
];
