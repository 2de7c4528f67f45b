import { pino } from 'pino';
import { EVERY_FACT, packetFact } from '../../test/support/every-fact';
import type { Fact } from '../kernel/facts';
import { fieldsOf, levelOf, type LogLevel } from './log-line';
import { logFacts, type LogThreshold } from './logger';

const asHex = (raw: Uint8Array): string => Buffer.from(raw).toString('hex');

/** The lines that these facts make above a threshold, parsed, and how often a packet was written in hex. */
function logged(level: LogThreshold, ...facts: readonly Fact[]) {
  const lines: Record<string, unknown>[] = [];
  let written = 0;
  const stream = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  const observe = logFacts(pino({ level, base: null, timestamp: false }, stream), (raw) => {
    written += 1;
    return asHex(raw);
  });
  for (const fact of facts) observe(fact);
  return { lines, written };
}

describe('the level of a fact', () => {
  test('is there for every kind of fact, except for the two that a packet line says better', () => {
    const silent = Object.values(EVERY_FACT).filter((fact) => levelOf(fact) === undefined);
    expect(silent.map(({ kind }) => kind)).toEqual(['answer', 'transmission']);
    const levels = new Set(Object.values(EVERY_FACT).map(levelOf));
    expect(levels).toEqual(new Set<LogLevel | undefined>(['error', 'warn', 'info', 'debug', undefined]));
  });

  /** At this level somebody is woken: what is added to it should be added with open eyes. */
  test('is error only for what a person must act on', () => {
    const errors = Object.values(EVERY_FACT).filter((fact) => levelOf(fact) === 'error');
    expect(errors.map(({ kind }) => kind).sort()).toEqual([
      'credentials_unsaved',
      'evaluator_blind',
      'guard_rollback_failed',
      'guard_tripped',
      'job_failed',
      'listener_failed',
      'pending_unsaved',
      'plan_reasserted',
      'queue_degraded',
      'request_failed',
      'self_test_failed',
      'slo_history_unsaved',
      'store_failed',
      'store_refused',
      'tokens_refused',
      'watchdog_silent',
      'witnesses_disagree',
    ]);
  });

  test.each<[LogLevel, Fact['kind'][]]>([
    ['warn', ['announce_unanswered', 'queue_policy_switched', 'revision_skew', 'rollback_muted']],
    ['info', ['link_ready', 'link_ended', 'plan_changed', 'started', 'draining', 'leadership_changed']],
  ])('is %s for what asks for that attention', (level, kinds) => {
    expect(kinds.filter((kind) => levelOf(EVERY_FACT[kind]) !== level)).toEqual([]);
  });

  test('is warn when a device is not believed', () => {
    expect(levelOf({ ...EVERY_FACT.handshake, outcome: 'refused' })).toBe('warn');
    expect(levelOf(EVERY_FACT.handshake)).toBe('debug');
  });
});

describe('a log line', () => {
  test('of a packet has the fields that the old program’s readers know', () => {
    const fact = packetFact({ direction: 'received', elapsedMs: 41.5, raw: new Uint8Array([0x7b, 1, 255]) });
    expect(fieldsOf(fact, asHex)).toEqual({
      event: 'tcp_packet',
      direction: 'received',
      msg_id: 7,
      device_id: '37962469',
      transport: 'new',
      raw_packet_hex: '7b01ff',
      elapsed_ms: 41.5,
      outcome: 'success',
    });
  });

  test('of anything else names the fact and its fields in snake case', () => {
    expect(fieldsOf(EVERY_FACT.command_settled, asHex)).toEqual({
      event: 'command_settled',
      purpose: 'command',
      command_id: 'c1',
      device_id: '37962469',
      transport: 'new',
      outcome: 'applied',
      attempts: 1,
      latency_ms: 120,
      waited_ms: 0,
      generation: 1,
    });
  });

  test('of an unexpected error holds the stack', () => {
    const { error } = fieldsOf(EVERY_FACT.request_failed, asHex);
    expect(error).toMatch(/^Error: a bug\n {4}at /);
  });

  test('shows a packet only as the writer of packets gives it, so that secrets stay masked', () => {
    const raw = Buffer.from('23-secret-1e07', 'latin1');
    expect(JSON.stringify(fieldsOf(packetFact({ raw }), () => '23**'))).not.toContain(
      raw.toString('hex').slice(6),
    );
    expect(fieldsOf(packetFact({ raw }), () => '23**').raw_packet_hex).toBe('23**');
  });
});

describe('logFacts', () => {
  test('writes one line a fact, at its level', () => {
    const { lines } = logged('debug', EVERY_FACT.store_failed, EVERY_FACT.routed);
    expect(lines).toEqual([
      { level: 50, event: 'store_failed', operation: 'write', cause: 'file', message: 'the disk is full' },
      {
        level: 20,
        event: 'routed',
        command_id: 'c1',
        purpose: 'command',
        device_id: '37962469',
        transport: 'new',
        reason: 'in_percentage',
      },
    ]);
  });

  test('builds nothing for a line below the threshold', () => {
    expect(logged('info', packetFact())).toEqual({ lines: [], written: 0 });
    expect(logged('debug', packetFact()).written).toBe(1);
  });

  test.each<[LogThreshold, readonly LogLevel[]]>([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
    ['silent', []],
  ])('writes at threshold %s what is at least that important', (threshold, levels) => {
    const loud = Object.values(EVERY_FACT).filter((fact) => levels.some((level) => level === levelOf(fact)));
    const { lines } = logged(threshold, ...Object.values(EVERY_FACT));
    expect(lines.map(({ event }) => event)).toEqual(loud.map((fact) => fieldsOf(fact, asHex).event));
  });
});
