import { LRUCache } from 'lru-cache';
import type { Clock } from '../../kernel/clock';
import { percentageSteps } from '../../kernel/percentage';
import { RateLimit } from '../../kernel/rate-limit';
import type { RolloutDocument } from '../../rollout/document';
import type { Wished } from '../../rollout/rollout';
import { Refusal } from '../refusal';

export interface RaiseLimitSettings {
  readonly raisesPerSecond: number;
  readonly raiseBurst: number;
  readonly callers: number;
}

/**
 * So many changes a second for each caller. What makes things safer is never counted, so that a program gone wild
 * cannot stand between anybody and a rollback.
 */
export class RaiseLimit {
  private readonly limits: LRUCache<string, RateLimit>;

  constructor(
    private readonly settings: RaiseLimitSettings,
    private readonly clock: Clock,
  ) {
    this.limits = new LRUCache({ max: settings.callers });
  }

  /** Throws a refusal when the caller asks for too much at once. */
  check(document: RolloutDocument, wished: Wished): void {
    if (!isCounted(document, wished) || this.limitOf(wished.by).take()) return;
    throw new Refusal(
      429,
      'rollout.too_many_changes',
      `"${wished.by}" changes the rollout more than ${this.settings.raisesPerSecond} times a second; lowering and rollback are not limited`,
    );
  }

  private limitOf(caller: string): RateLimit {
    const known = this.limits.get(caller);
    if (known) return known;
    const { raisesPerSecond: perSecond, raiseBurst: burst } = this.settings;
    const limit = new RateLimit({ perSecond, burst }, this.clock);
    this.limits.set(caller, limit);
    return limit;
  }
}

/** Whether a wish is anything but plainly on the safe side. */
function isCounted({ plan }: RolloutDocument, wished: Wished): boolean {
  switch (wished.kind) {
    case 'rollback':
    case 'pause':
    case 'freeze':
      return false;
    case 'set_percentage':
      return percentageSteps(wished.percentage) >= percentageSteps(plan.percentage);
    case 'set_holdback':
      return percentageSteps(wished.holdback) <= percentageSteps(plan.holdback);
    case 'set_pins':
      return Object.values(wished.pins).some((pin) => pin !== 'legacy');
    default:
      return true;
  }
}
