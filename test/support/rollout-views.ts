import type { RolloutView } from '../../src/api/schemas/rollout';
import type { GuardView } from '../../src/api/schemas/safeguards';

/** When the views of tests are looked at. */
export const LOOKED_AT = Date.UTC(2026, 0, 3, 14, 0);

/** A view of a ramp that has stood at 10 % for two days, but for what `over` says. */
export function viewWith(over: Partial<RolloutView> = {}): RolloutView {
  return {
    plan: {
      percentage: 10,
      holdback: 5,
      pins: {},
      mirror: { on: false, percentage: 0 },
      salt: 'ramp26',
      revision: 17,
      generation: 3,
      setBy: 'ana',
      reason: 'the first step',
      setAt: '2026-01-01T14:00:00.000Z',
    },
    automation: { kind: 'armed' },
    freeze: null,
    stage: {
      name: 'canary-10',
      index: 2,
      of: 3,
      next: 'canary-25',
      enteredAt: '2026-01-01T14:00:00.000Z',
      clockReset: null,
      approvals: [],
    },
    ladder: [
      { name: 'dark-launch', percentage: 0, holdback: 5, mirror: 100, holdMs: 0, state: 'done' },
      { name: 'canary-10', percentage: 10, holdback: 5, mirror: 0, holdMs: 0, state: 'current' },
      { name: 'canary-25', percentage: 25, holdback: 5, mirror: 0, holdMs: 0, state: 'ahead' },
    ],
    gates: [
      { name: 'hold', state: 'open', lacks: null, readyAt: null, onFail: 'hold' },
      {
        name: 'clean commands',
        state: 'closed',
        lacks: '2,995 clean commands needed, 1,204 seen',
        readyAt: '2026-01-03T14:40:00.000Z',
        onFail: 'hold',
      },
      { name: 'success', state: 'failing', lacks: '99.1 % of 99.5 %', readyAt: null, onFail: 'hold' },
    ],
    effectivePercentage: 9.84,
    coverage: { known: 100, devices: 10, spoken: 8, decided: 7 },
    replicas: [
      {
        replica: 'a',
        revision: 17,
        generation: 3,
        percentage: 10,
        devices: 60,
        ageMs: 0,
        self: true,
        differs: false,
      },
      {
        replica: 'b',
        revision: 16,
        generation: 3,
        percentage: 5,
        devices: 40,
        ageMs: 2400,
        self: false,
        differs: true,
      },
    ],
    store: { kind: 'redis', healthy: true, detail: null, unstored: 0 },
    guard: guardViewWith(),
    lastDrill: null,
    alerting: {
      watchdog: { state: 'heard', heardAt: '2026-01-03T13:59:30.000Z' },
      mutes: { state: 'none', by: [], why: null },
    },
    ...over,
  };
}

/** A guard that watches and has little against new, but for what `over` says. */
export function guardViewWith(over: Partial<GuardView> = {}): GuardView {
  return {
    state: 'watching',
    observeOnly: false,
    generation: 3,
    falseAlarmDays: 100,
    scope: 'this replica',
    replicas: 1,
    share: 0.095,
    rules: [
      {
        rule: 'failures x10',
        evidence: 1.5,
        limit: 17.6,
        sentence: 'since 13:58:01 2 of 90 commands failed or were late on new, 1 of 900 on legacy',
      },
      {
        rule: 'run',
        evidence: 0,
        limit: 15,
        sentence: '0 commands in a row failed or were late on new, meanwhile 0 of 0 on legacy',
      },
    ],
    devices: { suspect: 1, setAside: 0, followed: 100, inFlight: 3 },
    lately: {
      new: { commands: 100, bad: 1, clear: 98 },
      legacy: { commands: 950, bad: 1, clear: 948 },
    },
    smallestBreakage: { best: 0.02, likely: 0.04 },
    timeToSee: { twice: 4000, threeTimes: 900, tenTimes: 61.2, totalFailure: 2.04, badShare: 0.001 },
    trip: null,
    ...over,
  };
}
