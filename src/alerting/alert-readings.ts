import type { MuteWatch } from './mute-watch';
import type { Watchdog } from './watchdog';

/** What gauges show of the way that alerts take. */
export function alertReadings({ watchdog, mutes }: { watchdog: Watchdog; mutes: MuteWatch }) {
  return {
    watchdogSilent: () => Number(watchdog.state.kind === 'silent'),
    rollbackMuted: () => {
      const { state } = mutes;
      return state.kind === 'muted' ? state.by.length : state.kind === 'none' ? 0 : NaN;
    },
  };
}
