import { runInNewContext } from 'node:vm';
import { AppError, messageOf, systemCodeOf } from './errors';

describe('an error of the application', () => {
  it('carries its code, its facts and its cause', () => {
    const cause = new Error('disk full');
    const error = new AppError('store.unavailable', 'the plan cannot be stored', { path: 'x' }, cause);
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'store.unavailable',
      message: 'the plan cannot be stored',
      facts: { path: 'x' },
      cause,
    });
  });

  it('has no cause when none was given', () => {
    expect('cause' in new AppError('draining', 'the process is stopping')).toBe(false);
  });
});

describe('what was thrown', () => {
  it('has a text, whatever it is', () => {
    expect([messageOf(new Error('why')), messageOf('why'), messageOf(undefined)]).toEqual([
      'why',
      'why',
      'undefined',
    ]);
  });

  it('has its own text when its realm or its making is another', () => {
    const foreign = runInNewContext("new TypeError('foreign')") as unknown;
    const derived = Object.assign(Object.create(Error.prototype) as Error, { message: 'derived' });
    expect([messageOf(foreign), messageOf(derived)]).toEqual(['foreign', 'derived']);
  });

  it('has a system code only when Node gave it one', () => {
    const system = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    const numbered = Object.assign(new Error('odd'), { code: 5 });
    expect([system, numbered, new Error('plain'), { code: 'ENOENT' }].map(systemCodeOf)).toEqual([
      'ENOENT',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
