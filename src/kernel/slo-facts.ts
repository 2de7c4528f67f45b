/** What the judgement of the transports reports. */
export type SloFact =
  | {
      readonly kind: 'verdict_changed';
      readonly objective: string;
      readonly verdict: string;
      readonly before: string | undefined;
      readonly why: string;
      readonly generation: number;
    }
  /** Nothing can be measured for longer than is bearable, or it can again. */
  | { readonly kind: 'evaluator_blind'; readonly blind: boolean; readonly why: string }
  /** Prometheus and this process's own counters tell different stories of the same events, or agree again. */
  | { readonly kind: 'witnesses_disagree'; readonly disagree: boolean; readonly about: readonly string[] }
  | { readonly kind: 'prometheus_clock_skew'; readonly skewMs: number }
  | { readonly kind: 'slo_history_refused'; readonly message: string }
  | { readonly kind: 'slo_history_unsaved'; readonly message: string }
  /** The judging code did not give the expected verdicts on evidence that is known. */
  | { readonly kind: 'self_test_failed'; readonly findings: readonly string[] };
