const SECOND_MS = 1000;

/** How much evidence is there, how much is wanted, and how fast it comes. */
export interface EvidenceState {
  readonly seen: number;
  readonly needed: number;
  readonly eventsPerSecond: number | undefined;
  readonly nowMs: number;
}

/** When the evidence is there at the present pace: now, then, or nobody knows. */
export function evidenceReadyAt({ seen, needed, eventsPerSecond, nowMs }: EvidenceState): number | undefined {
  if (seen >= needed) return nowMs;
  if (eventsPerSecond === undefined || eventsPerSecond <= 0) return undefined;
  return nowMs + Math.ceil((needed - seen) / eventsPerSecond) * SECOND_MS;
}

/** Such as: 1,204 of 2,995 seen, at 12 commands/s ready about 14:40 UTC. */
export function evidenceForecast(state: EvidenceState, events = 'events'): string {
  const { seen, needed, eventsPerSecond, nowMs } = state;
  const share = `${count(seen)} of ${count(needed)} ${events} seen`;
  const readyAt = evidenceReadyAt(state);
  if (readyAt === nowMs) return share;
  if (readyAt === undefined || eventsPerSecond === undefined) return `${share}, none come`;
  return `${share}, at ${Number(eventsPerSecond.toPrecision(2))} ${events}/s ready about ${instant(readyAt, nowMs)}`;
}

function count(value: number): string {
  return Math.floor(value).toLocaleString('en-US');
}

/** The day only when it is another one. */
function instant(ms: number, nowMs: number): string {
  const [day, time] = new Date(ms).toISOString().split('T') as [string, string];
  const today = new Date(nowMs).toISOString().startsWith(day);
  return `${today ? '' : `${day} `}${time.slice(0, 5)} UTC`;
}
