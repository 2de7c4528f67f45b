import type { z } from 'zod';
import { AppError } from '../../kernel/errors';
import { PERCENTAGE_RULE } from '../../kernel/percentage';
import { parse } from '../parse';
import { commandBody, groupBody } from './commands';
import { devicesQuery } from './devices';
import { historyQuery, percentageBody } from './rollout-wishes';
import { reasonBody } from './shared';

const REASON_RULE = 'a reason is a text of 1 to 500 characters that says why';

/** What a refusal says: its code and its sentence. */
function refusal(schema: z.ZodType, value: unknown): string {
  try {
    parse(schema, value);
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('a percentage', () => {
  const set = (percentage: unknown): unknown => ({ percentage, reason: 'why' });

  test.each(['0', '100', '0.001', '33.333', '99.999', '57.295', '-0', '1e1', '10.0'])(
    'of %s is taken',
    (text) => {
      const body: unknown = JSON.parse(`{"percentage": ${text}, "reason": "why"}`);
      expect(parse(percentageBody, body)).toEqual({
        percentage: Number(text),
        reason: 'why',
        confirm: false,
      });
    },
  );

  test.each([
    '"10%"',
    '"10"',
    '""',
    '"٣"',
    'true',
    'null',
    '[10]',
    '{}',
    '1e309',
    '-1e309',
    '-0.1',
    '-0.001',
    '100.0001',
    '100.001',
    '101',
    '10.0001',
    '0.0005',
  ])('of %s is refused with the rule', (text) => {
    const body: unknown = JSON.parse(`{"percentage": ${text}, "reason": "why"}`);
    expect(refusal(percentageBody, body)).toBe(`percentage.invalid: percentage: ${PERCENTAGE_RULE}`);
  });

  test('that is missing, or no number at all, is refused with the rule', () => {
    for (const value of [undefined, Number.NaN, 10n])
      expect(refusal(percentageBody, set(value))).toBe(`percentage.invalid: percentage: ${PERCENTAGE_RULE}`);
    expect(refusal(percentageBody, { reason: 'why' })).toContain(PERCENTAGE_RULE);
  });

  test('is refused beside a field nobody knows, so that a misspelt one is not ignored', () => {
    expect(refusal(percentageBody, { percentage: 10, reason: 'why', confrim: true })).toBe(
      'input.invalid: Unrecognized key: "confrim"',
    );
  });
});

describe('a reason', () => {
  test.each([
    ['missing', {}],
    ['empty', { reason: '' }],
    ['blank', { reason: ' \n\t' }],
    ['no text', { reason: 5 }],
    ['too long', { reason: 'x'.repeat(501) }],
  ])('that is %s is refused with the rule', (_what, body) => {
    expect(refusal(reasonBody, body)).toBe(`reason.missing: reason: ${REASON_RULE}`);
    expect(refusal(percentageBody, { percentage: 10, ...body })).toBe(
      `reason.missing: reason: ${REASON_RULE}`,
    );
  });

  test('is taken without the space around it', () => {
    expect(parse(reasonBody, { reason: `  ${'x'.repeat(500)} ` })).toEqual({ reason: 'x'.repeat(500) });
  });
});

describe('a command', () => {
  test.each([
    [{ command: 'power', on: true }],
    [{ command: 'brightness', level: 100 }],
    [{ command: 'temperature', level: 0 }],
    [{ command: 'color', r: 0, g: 128, b: 255 }],
    [{ command: 'show', name: 'candle' }],
    [{ command: 'mode', mode: 'smart' }],
  ])('such as %j is taken, with five seconds unless it says otherwise', (body) => {
    expect(parse(commandBody, body)).toEqual({ ...body, deadlineMs: 5_000 });
    expect(parse(commandBody, { ...body, node: 0x8001, deadlineMs: 100 })).toEqual({
      ...body,
      node: 0x8001,
      deadlineMs: 100,
    });
  });

  test.each([
    ['a level above 100', { command: 'brightness', level: 101 }, 'level'],
    ['a level of NaN', { command: 'brightness', level: Number.NaN }, 'level'],
    ['half a level', { command: 'brightness', level: 0.5 }, 'level'],
    ['a colour above 255', { command: 'color', r: 256, g: 0, b: 0 }, 'r'],
    ['a show nobody knows', { command: 'show', name: 'party' }, 'name'],
    ['a mode nobody knows', { command: 'mode', mode: 'dumb' }, 'mode'],
    ['a command nobody knows', { command: 'reboot' }, 'command'],
    ['a switch that is no boolean', { command: 'power', on: 1 }, 'on'],
    ['node 0', { command: 'power', on: true, node: 0 }, 'node'],
    ['a node above 65535', { command: 'power', on: true, node: 65_536 }, 'node'],
    ['a deadline below 100 ms', { command: 'power', on: true, deadlineMs: 99 }, 'deadlineMs'],
    ['a deadline above a minute', { command: 'power', on: true, deadlineMs: 60_001 }, 'deadlineMs'],
  ])('with %s is refused and the field is named', (_what, body, field) => {
    expect(refusal(commandBody, body)).toMatch(new RegExp(`^input[.]invalid: ${field}: `));
  });

  test('with a field of another command is refused', () => {
    expect(refusal(commandBody, { command: 'power', on: true, level: 3 })).toBe(
      'input.invalid: Unrecognized key: "level"',
    );
  });

  test('that breaks two rules is told both', () => {
    const said = refusal(commandBody, { command: 'color', r: 256, g: -1, b: 0 });
    expect(said).toMatch(/^input\.invalid: r: .*; g: /);
  });

  test('for a group names each device once, at most 100 of them', () => {
    const ids = Array.from({ length: 101 }, (_, index) => index.toString(16).padStart(8, '0'));
    const to = (devices: unknown): string => refusal(groupBody, { command: 'power', on: true, devices });
    expect(to(ids.slice(0, 100))).toBe('taken');
    expect(to(ids)).toMatch(/^input\.invalid: devices: /);
    expect(to([])).toMatch(/^input\.invalid: devices: /);
    expect(to([ids[0], ids[0]])).toBe('input.invalid: devices: each device once');
    expect(to(['ABCDEF01'])).toBe('input.invalid: devices.0: a device id is 8 lower-case hex digits');
  });
});

describe('a page of a list', () => {
  test('has a size of its own unless the query says otherwise', () => {
    expect(parse(devicesQuery, {})).toEqual({ limit: 100 });
    expect(parse(devicesQuery, { limit: '1000', after: '37962469' })).toEqual({
      limit: 1000,
      after: '37962469',
    });
    expect(parse(historyQuery, {})).toEqual({ limit: 50 });
  });

  test.each(['0', '1001', '-1', '1.5', 'many', ''])('of %j is refused', (limit) => {
    for (const query of [devicesQuery, historyQuery])
      expect(refusal(query, { limit })).toMatch(/^input\.invalid: limit: /);
  });
});
