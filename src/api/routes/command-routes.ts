import { commandBody, groupBody, groupReceiptSchema, meshQuery, receiptSchema } from '../schemas/commands';
import { meshSchema } from '../schemas/devices';
import type { Route } from './route';

/** Sending commands to devices, and asking them. */
export const COMMAND_ROUTES: readonly Route[] = [
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
    body: commandBody,
    answer: receiptSchema,
    refusals: [404, 409, 413, 422, 429, 502, 503, 504],
  },
  {
    method: 'post',
    path: '/v1/commands',
    summary: 'Send one command to up to 100 devices; what failed is collected',
    roles: ['app'],
    body: groupBody,
    answer: groupReceiptSchema,
    refusals: [413, 503],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/mesh',
    summary: 'Ask a bridge for the nodes of its mesh, over the transport that it is routed to',
    roles: ['viewer', 'operator', 'app'],
    query: meshQuery,
    answer: meshSchema,
    refusals: [404, 429, 502, 503, 504],
  },
];
