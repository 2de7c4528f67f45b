import { CELL_MS, type RecentTraffic, type TrafficTally } from '../../telemetry/recent-traffic';
import type { MinuteView, RecentTrafficView, TallyView } from '../schemas/overview';

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
