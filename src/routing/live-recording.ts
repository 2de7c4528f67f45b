import type { Outcome } from '../kernel/words';
import type { Passage, Recording } from '../transport/shadowing';

/** What is known of a recording when it begins. */
export type RecordingSubject = Omit<Recording, 'written' | 'heard' | 'lostAt' | 'outcome'>;

/** More than one write of legacy's is a fault that the shadow is to see; more than this it need not. */
const MAX_WRITTEN = 4;

/** A recording that still grows. Its bytes are copies: those of a link are views of buffers that live on. */
export class LiveRecording {
  private readonly written: Passage[] = [];
  private readonly heard: Passage[] = [];
  private lostAt: number | undefined;
  private missed = false;
  private sealed = false;

  constructor(
    readonly subject: RecordingSubject,
    private readonly heardLimit: number,
  ) {}

  get wasTransmitted(): boolean {
    return this.written.length > 0;
  }

  get isSealed(): boolean {
    return this.sealed;
  }

  /** More was heard than is kept. */
  get overheard(): boolean {
    return this.missed;
  }

  write(bytes: Uint8Array, at: number): void {
    if (!this.sealed && this.written.length < MAX_WRITTEN)
      this.written.push({ at, bytes: new Uint8Array(bytes) });
  }

  hear(bytes: Uint8Array, at: number): void {
    if (this.sealed) return;
    if (this.heard.length < this.heardLimit) this.heard.push({ at, bytes: new Uint8Array(bytes) });
    else this.missed = true;
  }

  lose(at: number): void {
    if (!this.sealed) this.lostAt ??= at;
  }

  /** Nothing is added any more. */
  seal(outcome: Outcome): Recording {
    this.sealed = true;
    const { subject, written, heard, lostAt } = this;
    // Field by field: spreading costs four microseconds, as much as the examination.
    return {
      commandId: subject.commandId,
      deviceId: subject.deviceId,
      connection: subject.connection,
      action: subject.action,
      node: subject.node,
      generation: subject.generation,
      startedAt: subject.startedAt,
      deadlineAt: subject.deadlineAt,
      written,
      heard,
      lostAt,
      outcome,
    };
  }
}
