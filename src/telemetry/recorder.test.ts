import { EVERY_FACT, packetFact, planFact, settledFact } from '../../test/support/every-fact';
import type { Fact } from '../kernel/facts';
import { OUTCOMES } from '../kernel/words';
import { COUNTED, type CountedName } from './catalogue';
import { Recorder } from './recorder';

const GENERATION_1 = 1;

/** The series of the recorder that are not zero, `name{a,b}` → value; buckets are left out. */
function counted(recorder: Recorder): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of Object.keys(COUNTED) as CountedName[]) {
    for (const { metricName, labels, value } of recorder.samplesOf(name)) {
      if (value !== 0 && !metricName.endsWith('_bucket'))
        found[`${metricName}{${Object.values(labels).join(',')}}`] = value;
    }
  }
  return found;
}

function after(...facts: readonly Fact[]): Record<string, number> {
  const recorder = new Recorder(GENERATION_1);
  for (const fact of facts) recorder.record(fact);
  return counted(recorder);
}

describe('Recorder', () => {
  test.each<[string, Fact, Record<string, number>]>([
    ['a packet sent', packetFact(), { 'tcp_comm_packet_sent_total{new}': 1 }],
    [
      'a packet received',
      packetFact({ direction: 'received', transport: 'legacy' }),
      { 'tcp_comm_packet_recv_total{legacy,1}': 1 },
    ],
    [
      'a receipt',
      packetFact({ direction: 'received', type: 0x7b, elapsedMs: 250 }),
      {
        'tcp_comm_packet_recv_total{new,1}': 1,
        'tcp_comm_packet_latency_seconds_sum{new,receipt}': 0.25,
        'tcp_comm_packet_latency_seconds_count{new,receipt}': 1,
      },
    ],
    [
      'a reply',
      packetFact({ direction: 'received', type: 0x73, elapsedMs: 500 }),
      {
        'tcp_comm_packet_recv_total{new,1}': 1,
        'tcp_comm_packet_latency_seconds_sum{new,reply}': 0.5,
        'tcp_comm_packet_latency_seconds_count{new,reply}': 1,
      },
    ],
    ['a decision', EVERY_FACT.routed, { 'tcp_comm_routing_decision_total{new}': 1 }],
    ['a transmission', EVERY_FACT.transmission, { 'tcp_comm_transmission_total{new,1}': 1 }],
    [
      'a repeated transmission',
      { ...EVERY_FACT.transmission, repeated: true },
      { 'tcp_comm_transmission_total{new,1}': 1, 'tcp_comm_packet_retransmit_total{new}': 1 },
    ],
    [
      'unanswered transmissions',
      EVERY_FACT.transmission_unanswered,
      { 'tcp_comm_transmission_unanswered_total{new,1}': 2 },
    ],
    ['early repeats', EVERY_FACT.early_repeat, { 'tcp_comm_early_retransmit_total{new}': 3 }],
    ['an answer', EVERY_FACT.answer, { 'tcp_comm_ack_received_total{receipt,matched}': 1 }],
    ['a timer that ran out', EVERY_FACT.answer_timeout, { 'tcp_comm_ack_timeout_total{new,reply}': 1 }],
    ['a write that was not taken', EVERY_FACT.drain_timeout, { 'tcp_comm_drain_timeout_total{legacy}': 1 }],
    [
      'a frame that does not parse',
      EVERY_FACT.decode_failed,
      { 'tcp_comm_decode_errors_total{new,malformed_frame,1}': 1 },
    ],
    [
      'a packet that does not parse',
      { ...EVERY_FACT.decode_failed, part: 'packet' },
      { 'tcp_comm_decode_errors_total{new,malformed_packet,1}': 1 },
    ],
    ['a wrong checksum', EVERY_FACT.checksum_mismatch, { 'tcp_comm_checksum_mismatch_total{new}': 1 }],
    [
      'a run of stray bytes, however many',
      EVERY_FACT.bytes_discarded,
      { 'tcp_comm_framing_errors_total{out_of_step}': 1 },
    ],
    [
      'a command given up for a newer one',
      EVERY_FACT.queue_dropped,
      { 'tcp_comm_queue_dropped_total{new,overflow}': 1 },
    ],
    ['a degraded queue', EVERY_FACT.queue_degraded, { 'tcp_comm_queue_degraded_total{new}': 1 }],
    [
      'a switch of policy',
      EVERY_FACT.queue_policy_switched,
      { 'tcp_comm_queue_policy_switch_total{new,deadlock_prevention}': 1 },
    ],
    ['a wrap of message ids', EVERY_FACT.message_ids_wrapped, { 'tcp_comm_msg_id_wraps_total{}': 1 }],
    ['a handshake', EVERY_FACT.handshake, { 'tcp_comm_handshake_total{success}': 1 }],
    [
      'an announce without answer',
      EVERY_FACT.announce_unanswered,
      { 'tcp_comm_announce_unanswered_total{}': 1 },
    ],
    [
      'a TLS handshake that failed',
      EVERY_FACT.tls_handshake_failed,
      { 'tcp_comm_tls_handshake_errors_total{}': 1 },
    ],
    ['a connection that ended', EVERY_FACT.link_ended, { 'tcp_comm_connection_ended_total{silent}': 1 }],
    ['a store that failed', EVERY_FACT.store_failed, { 'tcp_comm_plan_store_failures_total{write,file}': 1 }],
  ])('counts %s', (_what, fact, expected) => {
    expect(after(fact)).toEqual(expected);
  });

  const applied = {
    'tcp_comm_lane_wait_seconds_sum{new}': 0.3,
    'tcp_comm_lane_wait_seconds_count{new}': 1,
  };
  test.each([
    ['applied', true],
    ['rejected', true],
    ['accepted', true],
    ['timeout', true],
    ['connection_lost', true],
    ['queue_full', false],
    ['expired', false],
    ['not_connected', false],
    ['cancelled', false],
  ] as const)('counts a command that ended as %s, in the latency too: %s', (outcome, inLatency) => {
    expect(after(settledFact({ outcome, latencyMs: 2_000, waitedMs: 300 }))).toEqual({
      ...applied,
      [`tcp_comm_command_total{new,${outcome},1}`]: 1,
      ...(inLatency && {
        'tcp_comm_command_latency_seconds_sum{new,1}': 2,
        'tcp_comm_command_latency_seconds_count{new,1}': 1,
      }),
      ...(outcome === 'queue_full' && { 'tcp_comm_queue_full_total{new}': 1 }),
      ...(outcome === 'expired' && { 'tcp_comm_queue_expired_total{new}': 1 }),
    });
  });

  test('takes every kind of fact there is', () => {
    const recorder = new Recorder(GENERATION_1);
    for (const fact of Object.values(EVERY_FACT)) expect(() => recorder.record(fact)).not.toThrow();
  });

  describe('with each new generation', () => {
    test('begins the evidence at zero, and the rest goes on', () => {
      const before = [
        settledFact({ latencyMs: 100 }),
        settledFact({ outcome: 'timeout' }),
        EVERY_FACT.routed,
      ];
      expect(after(...before, planFact(2))).toEqual({
        'tcp_comm_lane_wait_seconds_count{new}': 2,
        'tcp_comm_routing_decision_total{new}': 1,
      });
    });

    test('counts what is decided in it, under its number', () => {
      expect(
        after(settledFact(), planFact(2), settledFact({ generation: 2, latencyMs: 1_000 })),
      ).toMatchObject({
        'tcp_comm_command_total{new,applied,2}': 1,
        'tcp_comm_command_latency_seconds_sum{new,2}': 1,
      });
    });

    test('counts a command that was decided in an older one as late, in no objective', () => {
      expect(after(planFact(2), settledFact({ generation: 1, outcome: 'queue_full' }))).toEqual({
        'tcp_comm_command_late_total{new,queue_full}': 1,
        'tcp_comm_lane_wait_seconds_count{new}': 1,
        'tcp_comm_queue_full_total{new}': 1,
      });
    });

    test('keeps the evidence when a plan changes within a generation', () => {
      expect(after(settledFact(), planFact(1))).toMatchObject({ 'tcp_comm_command_total{new,applied,1}': 1 });
    });

    test('exports the current generation alone, every outcome born at zero', () => {
      const recorder = new Recorder(GENERATION_1);
      recorder.record(planFact(7));
      const samples = recorder.samplesOf('commands');
      expect(new Set(samples.map(({ labels }) => labels.generation))).toEqual(new Set([7]));
      expect(samples).toHaveLength(2 * OUTCOMES.length);
      expect(samples.filter(({ value }) => value !== 0)).toEqual([]);
    });

    test('begins every series that carries a generation at zero', () => {
      const { packet, transmission, transmission_unanswered, decode_failed } = EVERY_FACT;
      const received = { ...packet, direction: 'received' as const };
      expect(after(received, transmission, transmission_unanswered, decode_failed, planFact(2))).toEqual({});
    });

    test('lets who keeps the evidence read it once more, before it begins at zero', () => {
      const recorder = new Recorder(GENERATION_1);
      const seen: unknown[] = [];
      recorder.whenGenerationEnds(() => seen.push([recorder.currentGeneration, counted(recorder)]));
      recorder.record(EVERY_FACT.transmission);
      recorder.record(planFact(1));
      expect(seen).toEqual([]);
      recorder.record(planFact(2));
      expect(seen).toEqual([[1, { 'tcp_comm_transmission_total{new,1}': 1 }]]);
      expect(recorder.currentGeneration).toBe(2);
    });
  });
});
