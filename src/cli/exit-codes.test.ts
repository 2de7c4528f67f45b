import { CommanderError } from 'commander';
import { ServerRefusal, ServerUnreachable } from './client';
import { exitCodeOf } from './exit-codes';
import { NotYet } from './not-yet';

function refusal(status: number, code = 'some.code'): ServerRefusal {
  return new ServerRefusal({ type: 'about:blank', title: '', status, code, detail: 'why' });
}

describe('the exit code', () => {
  it.each([
    ['what failed here', new Error('x'), 1],
    ['wrong use', new CommanderError(1, 'commander.missingArgument', 'x'), 2],
    ['help that was asked for', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
    ['a refusal', refusal(400), 3],
    ['a conflict that has no code of its own', refusal(409, 'rollout.not_latched'), 3],
    ['a server that fails', refusal(503, 'store.unavailable'), 4],
    ['a server that is asked too much', refusal(429, 'rollout.too_many_changes'), 4],
    ['nobody there', new ServerUnreachable('http://x', new Error('refused')), 4],
    ['a wrong token', refusal(401, 'token.refused'), 5],
    ['a role that may not', refusal(403, 'role.refused'), 5],
    ['a revision that has passed', refusal(412, 'revision.mismatch'), 6],
    ['a latch', refusal(409, 'rollout.latched'), 7],
    ['a freeze', refusal(409, 'rollout.frozen'), 7],
    ['a step that wants to be confirmed', refusal(409, 'rollout.confirmation_required'), 8],
    ['a gate that is closed', refusal(409, 'gate.closed'), 8],
    ['a legacy that must stay', new NotYet('no', 'x'), 9],
    ['a legacy of which nobody knows', new NotYet('unknown', 'x'), 10],
  ])('of %s can be told apart', (_what, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
