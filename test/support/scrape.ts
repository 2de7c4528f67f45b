import type { Registry } from 'prom-client';
import { GAUGES } from '../../src/telemetry/catalogue';
import { exposition, type GaugeReaders } from '../../src/telemetry/exposition';
import type { Recorder } from '../../src/telemetry/recorder';

const ZERO_GAUGES: GaugeReaders = {
  ...(Object.fromEntries(Object.keys(GAUGES).map((name) => [name, () => 0])) as GaugeReaders),
  connections: () => 0,
  connectedDevices: () => 0,
  waitingCommands: () => 0,
  inFlightCommands: () => 0,
  percentage: () => 0,
  effectivePercentage: () => Number.NaN,
  holdback: () => 5,
  revision: () => 1,
  generation: () => 1,
  latched: () => 0,
  mirrorPercentage: () => 0,
  mirrorQueue: () => 0,
  mirrorBreaker: () => 0,
  cohortDevices: () => 0,
  cohortSpoken: () => 0,
  cohortDecided: () => 0,
  replicas: () => 1,
  revisionSkew: () => 0,
  leader: () => 1,
  storeUp: () => 1,
  planAge: () => 0,
  planRefused: () => 0,
  planUnstored: () => 0,
  guardFailureEvidence: () => 0,
  guardFailureLimit: () => 17.6,
  guardBreakageEvidence: () => 0,
  guardBreakageLimit: () => 17.6,
  guardRunEvidence: () => 0,
  guardShare: () => 0,
  guardDevicesSuspect: () => 0,
  guardDevicesAside: () => 0,
  guardControl: () => 1,
  guardTripped: () => 0,
};

/** What `/metrics` answers. */
export function scrape(recorder: Recorder, over: Partial<GaugeReaders> = {}): Promise<string> {
  const registry: Registry = exposition(recorder, { ...ZERO_GAUGES, ...over });
  return registry.metrics();
}

/** The lines of one metric without their comments, by series. */
export function seriesOf(text: string, metric: string): ReadonlyMap<string, number> {
  const lines = text
    .split('\n')
    .filter((line) => new RegExp(`^${metric}(_bucket|_sum|_count)?[{ ]`).test(line));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

/** Every series of the program itself: those of the process come and go by themselves. */
export function ownSeries(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('tcp_comm_'));
  return lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
}
