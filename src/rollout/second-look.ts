import { reassertion, type AgreementReading } from './agreement-reading';
import { isRollback, type AgreementState } from './agreement-state';
import type { AgreementWriting } from './agreement-writing';
import type { Loaded } from './plan-store';
import { reconcile } from './reconcile';

/**
 * What looks like a store that lost something may be an answer that was overtaken. Only an answer to a question
 * asked from here on counts, and only when nothing was learned while it was on its way. If the store has lost
 * something indeed, the lower of what is known and what is there is written back.
 */
export class SecondLook {
  private looking = false;

  constructor(
    private readonly state: AgreementState,
    private readonly reading: AgreementReading,
    private readonly writing: AgreementWriting,
  ) {}

  async take(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.look();
    } catch (error) {
      this.state.failed('read', error);
    } finally {
      this.looking = false;
    }
  }

  private async look(): Promise<void> {
    const { state, reading } = this;
    const { changes } = state;
    const loaded = await state.parts.store.load();
    if (changes !== state.changes || state.closed) return;
    if (state.unknowing && loaded.kind !== 'empty') await reading.beginWith(loaded);
    else if (state.unknowing || !reading.understand(loaded, undefined)) this.reassert(loaded);
  }

  private reassert(loaded: Loaded): void {
    const { state } = this;
    const known = state.unknowing
      ? (state.waiting.at(-1)?.change.document ?? state.document)
      : state.document;
    const verdict = reconcile(known, loaded, state.origin());
    if (verdict.kind !== 'reassert') {
      if (verdict.kind === 'adopt') this.reading.follow(verdict.document, undefined);
      return;
    }
    // They are part of what is written back, but their entries would be missing from the trail.
    for (const { change, event } of state.waiting) if (event) state.late.add(change.entry);
    const change = reassertion(verdict);
    state.stored = loaded.kind === 'found' ? loaded.document : 'empty';
    state.keep([{ change, event: undefined }]);
    const { percentage, reason } = change.document.plan;
    state.parts.observe({ kind: 'plan_reasserted', percentage, reason });
    const handOver = isRollback(state.document, change.document);
    state.adopt(change.document, { entry: change.entry, handOver, cause: change.entry.action });
    void this.writing.storeAll();
  }
}
