import type { Demand } from '../slo/verdict';
import type { WatchdogState } from './watchdog';

/** While no alert can be trusted to arrive, one of the two ways back is missing, and nothing should be raised. */
export function demandsOf(state: WatchdogState): readonly Demand[] {
  if (state.kind !== 'silent') return [];
  const since = state.since === null ? 'was never heard' : `was heard last at ${state.since}`;
  return [
    {
      kind: 'pause',
      rule: 'alert_path_silent',
      why: `the watchdog alert ${since}: rollback alerts may not arrive`,
      critical: false,
      evidence: { lastHeardAt: state.since },
    },
  ];
}
