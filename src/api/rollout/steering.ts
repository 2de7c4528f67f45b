import type { Rollout, Wished } from '../../rollout/rollout';
import type { RolloutView } from '../schemas/rollout';
import type { RaiseLimit } from './raise-limit';
import { explained } from './refusal-help';
import type { RolloutSight } from './rollout-sight';

export interface SteeringParts {
  readonly rollout: Rollout;
  readonly sight: RolloutSight;
  readonly limit: RaiseLimit;
}

/** Takes the wishes of callers to the rollout, and answers with where it stands then. */
export class Steering {
  constructor(private readonly parts: SteeringParts) {}

  async apply(wished: Wished): Promise<RolloutView> {
    const { rollout, sight, limit } = this.parts;
    limit.check(rollout.document, wished);
    try {
      const { unchanged } = await rollout.apply(wished);
      return sight.view(unchanged);
    } catch (error) {
      throw explained(error, rollout.document);
    }
  }
}
