import type { MuteState } from '../../alerting/mute-watch';
import type { WatchdogState } from '../../alerting/watchdog';
import type { GuardReport } from '../../slo/guard/guard-report';
import { CELL_MS, type RecentTraffic, type TrafficTally } from '../../telemetry/recent-traffic';
import type { MinuteView, RecentTrafficView, SafetyView, TallyView } from '../schemas/overview';

const MINUTE_S = 60;

/** What `GET /v1/traffic` shows. */
export function trafficView(
  traffic: RecentTraffic,
  { replica, nowMs }: { readonly replica: string; readonly nowMs: number },
): RecentTrafficView {
  const minute = traffic.lastMinute();
  return {
    at: new Date(nowMs).toISOString(),
    replica,
    cellMs: CELL_MS,
    lastMinute: { new: minuteView(minute.new), legacy: minuteView(minute.legacy) },
    cells: traffic.history().map((cell) => ({
      at: new Date(cell.at).toISOString(),
      new: tallyView(cell.new),
      legacy: tallyView(cell.legacy),
    })),
  };
}

/** What `GET /v1/safety` shows. */
export function safetyView(guard: GuardReport, watchdog: WatchdogState, mutes: MuteState): SafetyView {
  const { twice, tenTimes, totalFailure } = guard.timeToSee;
  return {
    guard: {
      state: guard.state,
      observeOnly: guard.observeOnly,
      scope: guard.scope,
      rules: guard.rules.map((rule) => ({ ...rule })),
      secondsToSee: {
        twice: twice ?? null,
        tenTimes: tenTimes ?? null,
        totalFailure: totalFailure ?? null,
      },
      trip: guard.trip?.sentence ?? null,
    },
    alertPath: {
      ...pathView(watchdog),
      mutes: mutes.kind,
      mutedBy: mutes.kind === 'muted' ? [...mutes.by] : [],
    },
  };
}

function pathView(watchdog: WatchdogState): Pick<SafetyView['alertPath'], 'state' | 'heardAt'> {
  switch (watchdog.kind) {
    case 'not_expected':
      return { state: 'not_expected', heardAt: null };
    case 'heard':
      return { state: watchdog.at === null ? 'waiting' : 'heard', heardAt: watchdog.at };
    case 'silent':
      return { state: 'silent', heardAt: watchdog.since };
  }
}

function tallyView({ commands, bad, p50Ms, p99Ms }: TrafficTally): TallyView {
  return { commands, bad, p50Ms: rounded(p50Ms), p99Ms: rounded(p99Ms) };
}

function minuteView(tally: TrafficTally): MinuteView {
  const { commands, bad } = tally;
  return {
    ...tallyView(tally),
    commandsPerSecond: commands / MINUTE_S,
    successRatio: commands === 0 ? null : (commands - bad) / commands,
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10;
}
