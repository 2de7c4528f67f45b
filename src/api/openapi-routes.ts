import { ALERTING_ROUTES } from './routes/alerting-routes';
import { COMMAND_ROUTES } from './routes/command-routes';
import { DEVICE_ROUTES } from './routes/device-routes';
import { OVERVIEW_ROUTES } from './routes/overview-routes';
import { ROLLOUT_ROUTES } from './routes/rollout-routes';
import type { Route } from './routes/route';
import { SERVICE_ROUTES } from './routes/service-routes';
import { SLO_ROUTES } from './routes/slo-routes';

/**
 * The whole HTTP contract. What is not in it is not served, but for the pages for people at `/` and `/docs`; tests hold
 * both to each other.
 */
export const ROUTES: readonly Route[] = [
  ...COMMAND_ROUTES,
  ...DEVICE_ROUTES,
  ...ROLLOUT_ROUTES,
  ...ALERTING_ROUTES,
  ...SLO_ROUTES,
  ...OVERVIEW_ROUTES,
  ...SERVICE_ROUTES,
];
