import type { MirrorFact } from '../kernel/mirror-facts';
import type { MIRROR_COUNTED } from './mirror-metrics';
import type { CounterSeries, HistogramSeries } from './series';

type Names = keyof typeof MIRROR_COUNTED;
export type MirrorSeries = Readonly<Record<Exclude<Names, 'mirrorLatency'>, CounterSeries>>;

type Of<Kind extends MirrorFact['kind']> = Extract<MirrorFact, { kind: Kind }>;

const MS = 1000;

/** Call for facts of the present generation only: what is compared is evidence of one. */
export function countCompared(
  counters: MirrorSeries,
  latency: HistogramSeries,
  fact: Of<'mirror_compared'>,
): void {
  if (fact.error === undefined) counters.darkLaunchSuccess.add();
  else counters.darkLaunchErrors.add(fact.error);
  counters.mirrorOutcomes.add(fact.believed, verdict(fact.error !== 'outcome_differs'));
  counters.mirrorFrames.add(verdict(fact.frameAgrees));
  counters.mirrorBaseline.add('outcome', verdict(fact.baselineOutcome));
  counters.mirrorBaseline.add('frame', verdict(fact.baselineFrame));
  counters.mirrorRetransmissions.add('', '', fact.retransmissions);
  counters.mirrorTimeouts.add('receipt', '', fact.receiptTimeouts);
  counters.mirrorTimeouts.add('reply', '', fact.replyTimeouts);
  counters.mirrorDenied.add('', '', fact.denied);
  if (fact.believed === 'applied') latency.observe(fact.latencyMs / MS);
  else latency.observeBeyond(fact.latencyMs / MS);
}

function verdict(agrees: boolean): 'agree' | 'differ' {
  return agrees ? 'agree' : 'differ';
}
