import type { Fact } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import type { Outcome, TransportName } from '../../src/kernel/words';
import type { TallyBoard } from '../../src/slo/guard/company';
import { Guard } from '../../src/slo/guard/guard';
import type { GuardSettings } from '../../src/slo/guard/guard-settings';
import type { GuardedPlan } from '../../src/slo/guard/guarded-plan';
import type { GuardTrip } from '../../src/slo/guard/trip';

export const GUARD_SETTINGS: GuardSettings = {
  enabled: true,
  observeOnly: false,
  falseAlarmDays: 100,
  failureRatios: [2, 4, 10],
  breakageRatio: 20,
  latencyThresholdMs: 1_500,
  asideLeast: 50,
  asidePercent: 5,
  maxDevices: 1_000,
  maxInFlight: 1_000,
};

export interface GuardBenchSettings {
  readonly settings?: Partial<GuardSettings>;
  readonly clock?: ManualClock;
  readonly board?: TallyBoard;
  readonly replica?: string;
  /** How storing a rollback ends. */
  readonly rollBack?: () => Promise<unknown>;
}

/** No divisor of a hundred, so that it is not always the same ones that fail. */
const DEVICES = 997;

/** A guard on a clock that stands still, told of commands one by one. Devices called `n…` are on new. */
export class GuardBench {
  readonly clock: ManualClock;
  readonly facts: Fact[] = [];
  readonly trips: GuardTrip[] = [];
  readonly guard: Guard;
  readonly moved = new Map<string, TransportName>();
  plan: GuardedPlan = { generation: 1, revision: 1, percentage: 50, holdback: 0, pins: {}, rates: null };
  private sent = 0;

  constructor({ settings, clock, board, replica = 'a', rollBack }: GuardBenchSettings = {}) {
    this.clock = clock ?? new ManualClock();
    this.guard = new Guard({
      clock: this.clock,
      observe: (fact) => this.facts.push(fact),
      settings: { ...GUARD_SETTINGS, ...settings },
      replica,
      board,
      plan: () => this.plan,
      pathOf: (deviceId) => this.pathOf(deviceId),
      fleetSize: () => 200,
      rollBack: (trip) => {
        this.trips.push(trip);
        return rollBack?.() ?? Promise.resolve();
      },
    });
    this.guard.start();
  }

  get rules(): string[] {
    return this.trips.map(({ rule }) => rule);
  }

  pathOf(deviceId: string): TransportName {
    return this.moved.get(deviceId) ?? (deviceId.startsWith('n') ? 'new' : 'legacy');
  }

  /** A command leaves its lane. Its id. */
  leave(deviceId: string, purpose: 'command' | 'query' = 'command'): string {
    const commandId = `c${(this.sent += 1)}`;
    const transport = this.pathOf(deviceId);
    this.guard.observe({
      kind: 'routed',
      commandId,
      purpose,
      deviceId,
      transport,
      reason: 'in_percentage',
    });
    return commandId;
  }

  settle(commandId: string, outcome: Outcome = 'applied', latencyMs = 20): void {
    this.guard.observe({
      kind: 'command_settled',
      commandId,
      deviceId: '',
      transport: 'new',
      purpose: 'command',
      outcome,
      attempts: 1,
      latencyMs,
      waitedMs: 0,
      generation: this.plan.generation,
    });
  }

  command(deviceId: string, outcome: Outcome = 'applied'): void {
    this.settle(this.leave(deviceId), outcome);
  }

  heartbeat(deviceId: string): void {
    this.guard.observe({
      kind: 'packet',
      direction: 'received',
      transport: this.pathOf(deviceId),
      deviceId,
      type: 0xd3,
      messageId: undefined,
      raw: new Uint8Array(),
      elapsedMs: undefined,
    });
  }

  changePlan(over: Partial<GuardedPlan>): void {
    this.plan = { ...this.plan, revision: this.plan.revision + 1, ...over };
    this.guard.observe({
      kind: 'plan_changed',
      percentage: this.plan.percentage,
      revision: this.plan.revision,
      generation: this.plan.generation,
      setBy: 'ana',
      reason: 'because',
      cause: 'set_percentage',
    });
  }

  /** So many seconds of commands to devices in turn, `badOf` of every hundred on each path bad at once. */
  traffic(seconds: number, badOf: Partial<Record<TransportName, number>> = {}, perSecond = 20): void {
    for (let second = 0; second < seconds; second += 1) {
      for (let step = 0; step < perSecond; step += 1) {
        this.clock.advance(1000 / perSecond);
        for (const path of ['new', 'legacy'] as const) this.one(path, badOf[path] ?? 0);
      }
    }
  }

  private one(path: TransportName, badOf: number): void {
    const count = (this.counts[path] += 1);
    // Spread evenly, so that a share of a hundred is met exactly and without chance.
    const bad = Math.floor((count * badOf) / 100) > Math.floor(((count - 1) * badOf) / 100);
    this.command(`${path === 'new' ? 'n' : 'l'}${count % DEVICES}`, bad ? 'rejected' : 'applied');
  }

  private readonly counts = { new: 0, legacy: 0 };
}
