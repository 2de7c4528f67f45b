import type { CohortCoverage } from './cohort-coverage';
import type { Mirror } from './mirror';
import type { Router } from './router';

const BREAKER_STATES = ['closed', 'half_open', 'open'] as const;

/** What the gauges of mirror and cohort show. */
export function mirrorReadings(parts: { mirror: Mirror; coverage: CohortCoverage; router: Router }) {
  const { mirror, coverage, router } = parts;
  return {
    mirrorPercentage: () => {
      const { on, percentage } = router.current.plan.mirror;
      return on ? percentage : 0;
    },
    mirrorQueue: () => mirror.pending,
    mirrorBreaker: () => BREAKER_STATES.indexOf(mirror.breaker),
    cohortDevices: () => coverage.report().devices,
    cohortSpoken: () => coverage.report().spoken,
    cohortDecided: () => coverage.report().decided,
  };
}
