import type { Cancel, Clock } from '../kernel/clock';
import type { LinkEndReason, Observe } from '../kernel/facts';
import type { Outcome, TransportName } from '../kernel/words';
import type { ExchangeListener } from '../link/link';
import type { MeshPage, MeshRecord } from '../protocol/mesh-info';
import type { Ending } from './transport';

export interface ObservationParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly transport: TransportName;
  readonly deadlineAt: number;
  /** The command has ended. Called once. */
  readonly onEnd: (ending: Ending) => void;
  /** Nothing more is awaited, not even a late receipt. Called once, after `onEnd`. */
  readonly onDone: () => void;
}

/** Node numbers fit a byte; a bridge that announces more is not believed. */
const MAX_MESH_RECORDS = 256;

/** `ended` still counts receipts that come before the deadline, so that slow is not taken for lost. */
type Phase = 'open' | 'ended' | 'done';

/**
 * The impartial observer of one command: it sees only what crossed the link, by the same rules for both
 * transports, and turns it into the outcome (design promise 4).
 */
export class Observation implements ExchangeListener {
  private phase: Phase = 'open';
  private readonly startedAt: number;
  private transmissions = 0;
  private receipts = 0;
  private readonly mesh: MeshRecord[] = [];
  private cancelTimer: Cancel;

  constructor(private readonly parts: ObservationParts) {
    this.startedAt = parts.clock.now();
    this.cancelTimer = this.until(parts.deadlineAt, () => this.onDeadline());
  }

  transmitted(): void {
    this.parts.observe({
      kind: 'transmission',
      transport: this.parts.transport,
      repeated: this.transmissions > 0,
    });
    this.transmissions += 1;
  }

  receipt(): void {
    this.receipts += 1;
    if (this.phase === 'ended' && this.receipts >= this.transmissions) this.finish();
  }

  reply(status: number): void {
    this.end(status === 0 ? 'applied' : 'rejected');
  }

  /** The pages are complete when they hold as many nodes as the first of them announces. */
  page({ total, records }: MeshPage): void {
    if (this.phase !== 'open') return;
    this.mesh.push(...records.slice(0, MAX_MESH_RECORDS - this.mesh.length));
    if (this.mesh.length >= Math.min(total, MAX_MESH_RECORDS)) this.end('applied');
  }

  ended(_reason: LinkEndReason): void {
    this.end(this.transmissions > 0 ? 'connection_lost' : 'not_connected');
    this.finish();
  }

  /** Awaits the answer until `endBy` at most; receipts count until the deadline all the same. */
  shorten(endBy: number): void {
    if (this.phase !== 'open' || endBy >= this.parts.deadlineAt) return;
    this.cancelTimer();
    this.cancelTimer = this.until(endBy, () => {
      this.cancelTimer = this.until(this.parts.deadlineAt, () => this.finish());
      this.end(this.unanswered());
    });
  }

  private onDeadline(): void {
    this.end(this.unanswered());
    this.finish();
  }

  private until(instant: number, task: () => void): Cancel {
    return this.parts.clock.after(instant - this.parts.clock.now(), task);
  }

  private unanswered(): Outcome {
    if (this.transmissions === 0) return 'expired';
    // Legacy has no notion of a receipt: for its caller the command simply timed out.
    return this.receipts > 0 && this.parts.transport === 'new' ? 'accepted' : 'timeout';
  }

  private end(outcome: Outcome): void {
    if (this.phase !== 'open') return;
    this.phase = 'ended';
    this.parts.onEnd({
      outcome,
      attempts: this.transmissions,
      latencyMs: inMicroseconds(this.parts.clock.now() - this.startedAt),
      ...(this.mesh.length > 0 && { mesh: this.mesh }),
    });
    if (this.receipts >= this.transmissions) this.finish();
  }

  private finish(): void {
    if (this.phase === 'done') return;
    this.phase = 'done';
    this.cancelTimer();
    this.reportLoss();
    this.parts.onDone();
  }

  private reportLoss(): void {
    const { observe, transport } = this.parts;
    const lost = this.transmissions - this.receipts;
    if (lost > 0) observe({ kind: 'transmission_unanswered', transport, count: lost });
    else if (this.transmissions > 1)
      observe({ kind: 'early_repeat', transport, count: this.transmissions - 1 });
  }
}

/** What a clock says beyond that is noise, and long to read. */
function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
