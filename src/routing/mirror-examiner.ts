import { BoundedQueue } from '../kernel/bounded-queue';
import type { Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { DarkLaunchError } from '../kernel/mirror-facts';
import type { Recording, Shadow, ShadowReport } from '../transport/shadowing';
import type { MirrorGate } from './mirror-gate';
import type { MirrorTally } from './mirror-tally';

export interface ExaminerSettings {
  readonly capacity: number;
  /** How long the shadow may work at once, and how long it rests before. */
  readonly sliceMs: number;
  readonly restMs: number;
  readonly overrunMs: number;
  readonly hangMs: number;
  readonly lagMs: number;
}

export interface ExaminerParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly shadow: Shadow;
  readonly gate: MirrorGate;
  readonly tally: MirrorTally;
  readonly settings: ExaminerSettings;
}

/**
 * Has recordings examined, in turns of its own and in slices, so that what is real goes first. Whatever the shadow does
 * ends here: it may throw, be slow, or never answer.
 */
export class MirrorExaminer {
  private readonly waiting: BoundedQueue<Recording>;
  private scheduled = false;
  private awaiting = false;

  constructor(private readonly parts: ExaminerParts) {
    this.waiting = new BoundedQueue({ items: parts.settings.capacity });
  }

  /** Recordings that wait, the one under examination included. */
  get size(): number {
    return this.waiting.size + Number(this.awaiting);
  }

  submit(recording: Recording): void {
    if (!this.waiting.offer(recording)) return this.drop('queue_full');
    this.schedule();
  }

  /** Not at once: a timer for each command would wake the process up as often as the commands do. */
  private schedule(): void {
    if (this.scheduled || this.awaiting || this.waiting.size === 0) return;
    this.scheduled = true;
    const { clock, settings } = this.parts;
    const dueAt = clock.now() + settings.restMs;
    clock.after(settings.restMs, () => this.turn(clock.now() - dueAt));
  }

  private turn(lateMs: number): void {
    const { clock, gate, settings } = this.parts;
    this.scheduled = false;
    // What is real is late already: it needs the time more.
    if (lateMs > settings.lagMs) gate.strained('lagged');
    else this.work(clock.now() + settings.sliceMs);
    this.schedule();
  }

  private work(until: number): void {
    while (!this.awaiting && this.parts.clock.now() < until) {
      const next = this.waiting.take();
      if (!next) return;
      if (this.parts.gate.kind === 'open') this.drop('breaker_open');
      else this.examine(next);
    }
  }

  private examine(recording: Recording): void {
    const beganAt = this.parts.clock.now();
    try {
      const answer = this.parts.shadow.examine(recording);
      if (answer instanceof Promise) this.await(recording, answer);
      else this.conclude(recording, answer, beganAt);
    } catch (error) {
      this.fail(recording, 'shadow_threw', messageOf(error));
    }
  }

  private await(recording: Recording, answer: Promise<ShadowReport>): void {
    const { clock, settings } = this.parts;
    const beganAt = clock.now();
    this.awaiting = true;
    const once = (task: () => void): void => {
      if (settled) return;
      settled = true;
      cancel();
      this.awaiting = false;
      task();
      this.schedule();
    };
    let settled = false;
    const cancel = clock.after(settings.hangMs, () =>
      once(() => this.fail(recording, 'shadow_hung', `no answer after ${settings.hangMs} ms`)),
    );
    const failed = (error: unknown): void =>
      once(() => this.fail(recording, 'shadow_threw', messageOf(error)));
    answer.then((report) => once(() => this.concludeSafely(recording, report, beganAt)), failed);
  }

  private concludeSafely(recording: Recording, report: ShadowReport, beganAt: number): void {
    try {
      this.conclude(recording, report, beganAt);
    } catch (error) {
      this.fail(recording, 'shadow_threw', messageOf(error));
    }
  }

  private conclude(recording: Recording, report: ShadowReport, beganAt: number): void {
    const { clock, observe, gate, tally, settings } = this.parts;
    const error = errorIn(report);
    observe({
      kind: 'mirror_compared',
      commandId: recording.commandId,
      deviceId: recording.deviceId,
      generation: recording.generation,
      error,
      frameAgrees: report.agrees.frame && report.agrees.layout,
      believed: report.outcome,
      observed: recording.outcome,
      latencyMs: report.latencyMs,
      retransmissions: report.retransmissions,
      receiptTimeouts: report.timeouts.receipt,
      replyTimeouts: report.timeouts.reply,
      denied: report.denied,
      baselineOutcome: report.baseline.outcome,
      baselineFrame: report.baseline.frame,
    });
    tally.count(recording.generation, error === undefined);
    if (clock.now() - beganAt > settings.overrunMs) gate.failed('overran');
    else gate.succeeded();
  }

  private fail({ generation }: Recording, error: 'shadow_threw' | 'shadow_hung', message: string): void {
    this.parts.observe({ kind: 'mirror_failed', generation, error, message });
    this.parts.gate.failed(error === 'shadow_threw' ? 'threw' : 'overran');
  }

  private drop(reason: 'queue_full' | 'breaker_open'): void {
    this.parts.observe({ kind: 'mirror_dropped', reason });
  }
}

function errorIn({ agrees }: ShadowReport): DarkLaunchError | undefined {
  if (!agrees.outcome) return 'outcome_differs';
  if (!agrees.frame) return 'frame_differs';
  return agrees.layout ? undefined : 'layout_differs';
}
