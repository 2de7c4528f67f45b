import type { Clock } from '../../kernel/clock';
import { AppError } from '../../kernel/errors';
import type { RolloutContext } from '../../rollout/decision';
import type { Rollout } from '../../rollout/rollout';
import type { GuardSettings } from '../../slo/guard/guard-settings';
import { Rehearsal, type Rehearsed } from './rehearsal';

export interface DrillParts {
  readonly rollout: Pick<Rollout, 'document'>;
  readonly context: RolloutContext;
  readonly settings: GuardSettings;
  readonly clock: Clock;
}

/** Rehearses the way back, one rehearsal at a time. */
export class Drill {
  private running = false;

  constructor(private readonly parts: DrillParts) {}

  async rehearse(): Promise<Rehearsed> {
    this.check();
    this.running = true;
    try {
      const { rollout, context, settings, clock } = this.parts;
      const { document } = rollout;
      const rehearsed = await new Rehearsal({ document, context, settings, clock }).run();
      if (rehearsed) return rehearsed;
      throw refused('new fell silent in the rehearsal and the guard did not go back: look at its settings');
    } finally {
      this.running = false;
    }
  }

  /** It would prove what is not so, or disturb another one. */
  private check(): void {
    const { enabled, observeOnly } = this.parts.settings;
    if (this.running) throw refused('a rehearsal is under way here already');
    if (!enabled)
      throw refused('the guard is switched off (guard.enabled), so there is no way back to rehearse');
    if (observeOnly)
      throw refused('the guard only observes (guard.observeOnly): it would see the fault and not go back');
  }
}

function refused(message: string): AppError {
  return new AppError('rollout.drill_failed', message);
}
