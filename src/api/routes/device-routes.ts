import type { Role } from '../../kernel/roles';
import {
  devicePageSchema,
  deviceSchema,
  devicesQuery,
  forgottenSchema,
  infoSchema,
  routeSchema,
} from '../schemas/devices';
import { reasonBody } from '../schemas/shared';
import type { Route } from './route';

const DEVICE_READERS: readonly Role[] = ['viewer', 'operator', 'app'];

/** What is known of devices. */
export const DEVICE_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/devices',
    summary: 'Connected devices, page by page',
    roles: DEVICE_READERS,
    query: devicesQuery,
    answer: devicePageSchema,
    refusals: [],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}',
    summary: 'State, connection and lane of a device',
    roles: DEVICE_READERS,
    answer: deviceSchema,
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/info',
    summary: 'What the device has said of itself',
    roles: DEVICE_READERS,
    answer: infoSchema,
    refusals: [404],
  },
  {
    method: 'get',
    path: '/v1/devices/{id}/route',
    summary: 'Which transport the device gets, and why',
    roles: DEVICE_READERS,
    answer: routeSchema,
    refusals: [],
  },
  {
    method: 'post',
    path: '/v1/devices/{id}/forget-credential',
    summary: 'Believe the next login secret that the device shows, and end its connection',
    roles: ['operator'],
    body: reasonBody,
    answer: forgottenSchema,
    refusals: [404],
  },
];
