import type { Clock } from '../../kernel/clock';
import type { Ladder } from '../../rollout/ladder';
import type { Rollout } from '../../rollout/rollout';
import { reportStage } from '../../rollout/stage-report';
import type { TrafficShare } from '../../routing/traffic-share';
import type { CohortCoverage, Judgement } from '../../slo/verdict';
import type { ReplicaView, RolloutView, StoreView } from '../schemas/rollout';
import { rolloutView } from './rollout-view';

export interface SightParts {
  readonly clock: Clock;
  readonly rollout: Pick<Rollout, 'document'>;
  readonly ladder: Ladder;
  readonly share: Pick<TrafficShare, 'percentage'>;
  readonly judgement: () => Judgement | undefined;
  readonly coverage: () => CohortCoverage | undefined;
  readonly replicas: () => readonly ReplicaView[];
  readonly store: () => StoreView;
}

/** Everything that there is to see of the rollout, put together at the moment of asking. */
export class RolloutSight {
  constructor(private readonly parts: SightParts) {}

  get percentage(): number {
    return this.parts.rollout.document.plan.percentage;
  }

  get effectivePercentage(): number | null {
    return this.parts.share.percentage() ?? null;
  }

  view(unchanged?: string): RolloutView {
    const { rollout, ladder, clock, judgement, coverage, replicas, store } = this.parts;
    const { document } = rollout;
    const report = reportStage(document, ladder, judgement(), clock.wallNow());
    return rolloutView(
      { document, ladder, report },
      {
        effectivePercentage: this.effectivePercentage,
        coverage: coverage() ?? null,
        replicas: [...replicas()],
        store: store(),
        ...(unchanged === undefined ? {} : { unchanged }),
      },
    );
  }
}
