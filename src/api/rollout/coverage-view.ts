import type { CoverageReport } from '../../routing/cohort-coverage';
import type { CohortCoverage } from '../../slo/verdict';
import type { RolloutView } from '../schemas/rollout';

/** What this replica knows is up to date; what all of them know is as old as the judgement, and is shown where there are others. */
export function coverageView(
  { known, devices, spoken, decided }: CoverageReport,
  ofAll: CohortCoverage | undefined,
): RolloutView['coverage'] {
  const missing = [...(ofAll?.missing ?? [])];
  if (!ofAll || ((ofAll.replicas ?? 1) <= 1 && missing.length === 0))
    return { known, devices, spoken, decided };
  return {
    known: ofAll.known ?? 0,
    devices: ofAll.devices,
    spoken: ofAll.spoken,
    decided: ofAll.decided ?? 0,
    missing,
  };
}
