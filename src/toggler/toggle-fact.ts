/** How one attempt to toggle ended. All but the first two are worth another attempt. */
export type AttemptOutcome =
  | { readonly kind: 'applied' }
  /** The device refused, or is another one: it would again. */
  | { readonly kind: 'rejected'; readonly why: string }
  | { readonly kind: 'connection_failed'; readonly why: string }
  | { readonly kind: 'timeout'; readonly why: string };

/** What happens while toggling, for the log and the metrics. */
export type ToggleFact =
  | {
      readonly kind: 'packet';
      readonly direction: 'send' | 'recv';
      readonly outcome: 'success' | 'error' | 'timeout';
      readonly messageId: string;
      /** Without secrets; empty where nothing came. */
      readonly hex: string;
      /** For what is received: since the request was sent. */
      readonly elapsedMs: number;
      /** It answers the request, so that its time is the latency. */
      readonly isAnswer: boolean;
    }
  | { readonly kind: 'undecodable'; readonly messageId: string; readonly reason: string }
  | { readonly kind: 'attempt_failed'; readonly attempt: number; readonly outcome: AttemptOutcome }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly inMs: number;
      readonly reason: 'connection_failed' | 'timeout';
    }
  /** Nobody can scrape this run; the toggling goes on. */
  | { readonly kind: 'metrics_unavailable'; readonly why: string }
  | { readonly kind: 'finished'; readonly outcome: AttemptOutcome; readonly attempts: number };

export type ToggleObserver = (fact: ToggleFact) => void;
