import type { FastifyRequest } from 'fastify';
import type { DeliveryAnswer } from '../../alerting/alert-door';
import { isAllowed, type Access } from '../access';

export const WEBHOOK_PATH = '/v1/webhooks/alertmanager';

/** The answer to a delivery that makes no sense. */
export const MALFORMED: DeliveryAnswer = {
  changed: false,
  rolledBack: 0,
  paused: 0,
  ignored: { malformed: 1 },
};

const UNREADABLE: ReadonlySet<number> = new Set([400, 415]);

/**
 * Whether a body that could not be read came from somebody who may deliver alerts. Alertmanager gives up on a 4xx
 * until its next interval, so to him it is not refused. The body is read before the guard asks who sends it.
 */
export function isUnreadableDelivery(
  status: number,
  { url, headers }: FastifyRequest,
  access: Access,
): boolean {
  if (!UNREADABLE.has(status) || url !== WEBHOOK_PATH) return false;
  const authentication = access.authenticate(headers.authorization);
  return authentication.kind === 'known' && isAllowed(authentication.principal.role, ['hook']);
}
