import type { z } from 'zod';
import type { Role } from './access';
import * as schemas from './schemas';

/** One call of the HTTP contract, as the OpenAPI document describes it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Empty: open to everybody. An admin may call everything. */
  readonly roles: readonly Role[];
  readonly headers?: readonly { readonly name: string; readonly description: string }[];
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType | undefined;
  /** What it may refuse with, beside 400, 401 and 403. */
  readonly refusals: readonly number[];
}

const READERS: readonly Role[] = ['viewer', 'operator'];
const DEVICE_READERS: readonly Role[] = ['viewer', 'operator', 'app'];
const IF_MATCH = {
  name: 'If-Match',
  description: 'The ETag of the revision that the change is meant for; another one is answered 412',
};

export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/devices/{id}/commands',
    summary: 'Send a command to one device and wait for how it ends',
    description:
      '200 means applied: the device replied with status 0 before the deadline. Every other outcome is a problem document with the receipt.',
    roles: ['app'],
    headers: [
      {
        name: 'Idempotency-Key',
        description:
          'A repeat with the same key and body gets the first answer; kept by this process for a bounded time',
      },
    ],
    body: schemas.commandBody,
    answer: schemas.receiptSchema,
    refusals: [404, 409, 413, 422, 429, 502, 503, 504],
  },
  {
    method: 'post',
    path: '/v1/commands',
    summary: 'Send one command to up to 100 devices; what failed is collected',
    roles: ['app'],
    body: schemas.groupBody,
    answer: schemas.groupReceiptSchema,
    refusals: [413, 503],
  },
  {
    method: 'get',
    path: '/v1/devices',
    summary: 'Connected devices, page by page',
    roles: DEVICE_READERS,
    query: schemas.devicesQuery,
    answer: schemas.devicePageSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}',
    summary: 'State, connection and lane of a device',
    roles: DEVICE_READERS,
    answer: schemas.deviceSchema,
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/mesh',
    summary: 'Ask a bridge for the nodes of its mesh, over the transport that it is routed to',
    roles: DEVICE_READERS,
    query: schemas.meshQuery,
    answer: schemas.meshSchema,
    refusals: [404, 429, 502, 503, 504],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/info',
    summary: 'What the device has said of itself',
    roles: DEVICE_READERS,
    answer: schemas.infoSchema,
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/route',
    summary: 'Which transport the device gets, and why',
    roles: DEVICE_READERS,
    answer: schemas.routeSchema,
    refusals: [],
  },
  {
    method: 'post',
    path: '/v1/devices/{id}/forget-credential',
    summary: 'Believe the next login secret that the device shows, and end its connection',
    roles: ['operator'],
    body: schemas.reasonBody,
    answer: schemas.forgottenSchema,
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/rollout',
    summary: 'Where the rollout stands; the ETag is its revision',
    roles: READERS,
    answer: schemas.rolloutSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/v1/rollout/history',
    summary: 'Who changed what and why, newest first',
    roles: READERS,
    query: schemas.historyQuery,
    answer: schemas.historySchema,
    refusals: [],
  },
  {
    method: 'put',
    path: '/v1/rollout/percentage',
    summary: 'Set the share of devices on the new transport',
    description:
      'Refused while latched, and without "confirm" when the raise is larger than the policy’s maxStep.',
    roles: ['operator'],
    headers: [IF_MATCH],
    body: schemas.percentageBody,
    answer: schemas.rolloutSchema,
    refusals: [409, 412, 503],
  },
  {
    method: 'post',
    path: '/v1/rollout/rollback',
    summary: 'Everything back to legacy, and latch',
    roles: ['operator'],
    body: schemas.reasonBody,
    answer: schemas.rolloutSchema,
    refusals: [503],
  },
  {
    method: 'post',
    path: '/v1/rollout/release',
    summary: 'Open the latch and a new generation',
    roles: ['operator'],
    headers: [IF_MATCH],
    body: schemas.reasonBody,
    answer: schemas.rolloutSchema,
    refusals: [409, 412, 503],
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process answers',
    roles: [],
    answer: schemas.statusSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether it should get traffic',
    roles: [],
    answer: schemas.statusSchema,
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
