import type { MuteWatch } from '../../alerting/mute-watch';
import type { Watchdog } from '../../alerting/watchdog';
import type { Clock } from '../../kernel/clock';
import { rungOf, type Ladder } from '../../rollout/ladder';
import type { Rollout } from '../../rollout/rollout';
import { reportStage } from '../../rollout/stage-report';
import type { Buckets } from '../../routing/assign';
import type { GuardReport } from '../../slo/guard/guard-report';
import type { Judgement } from '../../slo/verdict';
import type { CohortCoverage } from '../../routing/cohort-coverage';
import type { Replicas } from '../../rollout/replicas';
import type { RolloutView } from '../schemas/rollout';
import type { MoveView } from '../schemas/devices';
import { moveOf } from './move';
import { rolloutView } from './rollout-view';
import { coverageView } from './coverage-view';
import { alertPathView, guardView } from './safeguards-view';
import { replicasView, storeView } from './surroundings';

export interface SightParts {
  readonly clock: Clock;
  readonly rollout: Pick<Rollout, 'document' | 'store'>;
  readonly ladder: Ladder;
  readonly judgement: () => Judgement | undefined;
  readonly coverage: Pick<CohortCoverage, 'report'>;
  readonly replicas: Pick<Replicas, 'list' | 'effectivePercentage'>;
  readonly guard: () => GuardReport;
  readonly watchdog: Pick<Watchdog, 'state'>;
  readonly mutes: Pick<MuteWatch, 'state'>;
  /** The name of this one. */
  readonly replica: string;
}

/** Everything that there is to see of the rollout, put together at the moment of asking. */
export class RolloutSight {
  constructor(private readonly parts: SightParts) {}

  get percentage(): number {
    return this.parts.rollout.document.plan.percentage;
  }

  get effectivePercentage(): number | null {
    return this.parts.replicas.effectivePercentage ?? null;
  }

  /** When a device with these buckets gets the new transport. */
  moveOf(buckets: Buckets): MoveView | null {
    const { rollout, ladder } = this.parts;
    const { position, plan } = rollout.document;
    return moveOf(buckets, ladder, rungOf(ladder, position, plan.percentage).index);
  }

  view(unchanged?: string): RolloutView {
    const { rollout, ladder, clock, judgement, coverage, replicas, replica, guard, watchdog, mutes } =
      this.parts;
    const { document } = rollout;
    const report = reportStage(document, ladder, judgement(), clock.wallNow());
    return rolloutView(
      { document, ladder, report },
      {
        effectivePercentage: this.effectivePercentage,
        coverage: coverageView(coverage.report(), judgement()?.coverage),
        replicas: replicasView(replicas.list, replica),
        store: storeView(rollout.store),
        guard: guardView(guard()),
        alerting: alertPathView(watchdog.state, mutes.state),
        ...(unchanged === undefined ? {} : { unchanged }),
      },
    );
  }
}
