import type { Receipt } from '../transport/transport';
import { OUTCOMES } from '../kernel/words';
import { elsewhere, isRetriable, problem, receiptProblem, statusOfCode, statusOfOutcome } from './problem';

const receipt: Receipt = {
  commandId: 'c1',
  deviceId: '37962469',
  transport: 'new',
  outcome: 'timeout',
  attempts: 4,
  latencyMs: 5_000,
  generation: 1,
  revision: 2,
  mirrored: false,
};

describe('problem documents', () => {
  test('name the kind of error, its status and its title', () => {
    expect(problem(409, 'rollout.latched', 'latched since noon', { current: 1 })).toEqual({
      type: 'urn:pointsman:problem:rollout.latched',
      title: 'Conflict',
      status: 409,
      code: 'rollout.latched',
      detail: 'latched since noon',
      current: 1,
    });
  });

  test('of a command carry its receipt', () => {
    expect(receiptProblem(receipt)).toMatchObject({
      status: 504,
      title: 'Gateway Timeout',
      code: 'command.timeout',
      detail: 'the device did not answer before the deadline',
      receipt,
    });
  });

  test('of a device that is not here say that another replica may have it, as long as there is one', () => {
    const gone = { ...receipt, outcome: 'not_connected' as const };
    expect(receiptProblem(gone, elsewhere(3)).detail).toMatch(
      /no connection to this process.*; another of the 3 replicas may hold its connection$/,
    );
    expect(receiptProblem(gone, elsewhere(1)).detail).toMatch(/was not transmitted$/);
    expect(receiptProblem(receipt, elsewhere(3)).detail).not.toContain('replicas');
  });

  test.each([
    ['applied', 200],
    ['rejected', 502],
    ['accepted', 504],
    ['timeout', 504],
    ['connection_lost', 504],
    ['expired', 504],
    ['queue_full', 429],
    ['not_connected', 503],
    ['cancelled', 409],
  ] as const)('answer a command that ended as %s with %i', (outcome, status) => {
    expect(statusOfOutcome(outcome)).toBe(status);
  });

  test('say to try again only where nothing was transmitted and it may soon work', () => {
    expect(OUTCOMES.filter(isRetriable)).toEqual(['queue_full', 'not_connected']);
  });

  test.each([
    ['percentage.invalid', 400],
    ['reason.missing', 400],
    ['device.unknown', 404],
    ['rollout.latched', 409],
    ['rollout.confirmation_required', 409],
    ['revision.mismatch', 412],
    ['idempotency.mismatch', 422],
    ['store.unavailable', 503],
    ['draining', 503],
  ] as const)('answer %s with %i', (code, status) => {
    expect(statusOfCode(code)).toBe(status);
  });
});
