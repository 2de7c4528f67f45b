import { problemCodes } from '../../api/problem';
import type { ErrorCode } from '../../kernel/errors';

export interface RefusalCode {
  readonly code: string;
  readonly status: number;
  readonly meaning: string;
}

/** For people; the refusal itself says what was wrong this time. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  'input.invalid': 'A body, parameter or header breaks a rule; `errors` names each place and its rule',
  'percentage.invalid': 'Not a number from 0 to 100 with at most three decimals',
  'reason.missing': 'Every change wants a reason',
  'device.unknown': 'No device of that name was ever seen',
  'node.unknown': 'The device has not yet said which mesh node it is; name one, or wait',
  'credential.unknown': 'Nothing is remembered of that device, so nothing can be forgotten',
  'revision.mismatch': 'Somebody was quicker: `current` is what stands now, with its author',
  'revision.unknown': 'No such revision in the audit trail that is kept',
  'rollout.latched': 'A rollback stands; `liftedBy` is the command that ends it',
  'rollout.frozen': 'A freeze stands; `liftedBy` is the command that ends it',
  'rollout.self_test_failed': 'The program does not sort devices as it should, so it raises nothing',
  'rollout.drill_failed': 'The way back cannot be rehearsed now, or did not work in the rehearsal',
  'rollout.not_latched': 'There is no latch to release',
  'rollout.not_at_zero': 'New cohorts are drawn at 0 % only',
  'approval.not_wanted': 'The stage asks for no approval, or not for one of this role',
  'gate.closed': 'The stage lacks something, and the promotion was not confirmed',
  'rollout.confirmation_required':
    'A larger step than the policy allows; the same again with `"confirm": true`',
  'idempotency.mismatch': 'The Idempotency-Key was used for another body',
  'store.unavailable': 'It could not be stored. What lowers is in effect all the same',
  'store.refused': 'The store holds something that is not understood, or refuses to write',
  'config.invalid': 'The configuration has faults',
  'address.in_use': 'The port is taken',
  'address.unavailable': 'The address is not one of this machine',
  draining: 'This process is about to stop; ask another',
};

/** What the edge refuses before a request reaches anything. */
const EDGE: readonly RefusalCode[] = [
  {
    code: 'request.invalid',
    status: 400,
    meaning: 'No JSON (400), no such path (404), too large (413), another type (415)',
  },
  { code: 'token.in_url', status: 400, meaning: 'A token belongs into the Authorization header' },
  { code: 'token.refused', status: 401, meaning: 'No token, or one that is not known' },
  { code: 'role.refused', status: 403, meaning: 'The token is known, and its role may not' },
  { code: 'host.refused', status: 403, meaning: 'Without tokens only loopback names are answered' },
  { code: 'origin.refused', status: 403, meaning: 'A page of another origin asks' },
  {
    code: 'rollout.too_many_changes',
    status: 429,
    meaning: 'More raises than `control.raisesPerSecond` allows',
  },
  {
    code: 'events.too_many',
    status: 503,
    meaning: '`control.eventStreams` clients read the events already; poll',
  },
  { code: 'internal', status: 500, meaning: 'An error of the program; its log says more' },
];

/** Every code that a caller may be refused with. What stops the start is never answered to anybody. */
export function refusalCodes(): readonly RefusalCode[] {
  const own = problemCodes()
    .filter(({ status }) => status !== 500)
    .map(({ code, status, sentence }) => ({
      code,
      status,
      meaning: sentence ?? MEANINGS[code as ErrorCode],
    }));
  return [...EDGE, ...own];
}
