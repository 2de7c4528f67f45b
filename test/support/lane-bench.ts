import type { Fact } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import type { LaneSettings } from '../../src/routing/lane';
import { Lanes } from '../../src/routing/lanes';
import type { Plan } from '../../src/routing/plan';
import { Router } from '../../src/routing/router';
import type { Receipt } from '../../src/transport/transport';
import { FakeDeliverer } from './fake-deliverer';
import { routedBy } from './plans';

export const LANE_DEVICE = '37962469';

/** What a command weighs here. */
export const COMMAND_BYTES = 40;

const LANE_DEFAULTS: LaneSettings = {
  policy: 'reject',
  capacity: 100,
  capacityBytes: 65_536,
  blockedLimit: 100,
  putTimeoutMs: 10_000,
  degradedAbove: 10,
  switchAfter: 10,
  calmMs: 60_000,
  window: 1,
  handoverMs: 1_000,
};

export interface Submission {
  readonly id?: string;
  readonly deviceId?: string;
  readonly deadlineMs?: number;
  /** What its frame weighs. */
  readonly bytes?: number;
}

/** Lanes on a clock that stands still, above links that do as they are told. */
export class LaneBench {
  readonly clock = new ManualClock();
  readonly facts: Fact[] = [];
  readonly deliverer = new FakeDeliverer();
  /** By command, as they came. */
  readonly receipts = new Map<string, Receipt>();
  /** What the caller does with a receipt. */
  onReceipt: (receipt: Receipt) => void = () => {};
  readonly router: Router;
  readonly lanes: Lanes;
  /** Of the commands that weigh something else than the rest. */
  private readonly weights = new Map<string, number>();
  private submitted = 0;

  constructor(settings: Partial<LaneSettings> = {}, plan: Partial<Plan> = {}) {
    this.router = new Router(routedBy(plan), 100);
    this.lanes = new Lanes({
      clock: this.clock,
      observe: (fact) => this.facts.push(fact),
      router: this.router,
      deliverer: this.deliverer,
      settings: { ...LANE_DEFAULTS, ...settings },
      bytesOf: ({ id }) => this.weights.get(id) ?? COMMAND_BYTES,
    });
  }

  /** The id of a command that was handed to its lane; ids are c1, c2, … unless given. */
  submit({ id, deviceId = LANE_DEVICE, deadlineMs = 5_000, bytes }: Submission = {}): string {
    this.submitted += 1;
    const command = {
      id: id ?? `c${this.submitted}`,
      deviceId,
      action: { command: 'power', on: true } as const,
      node: undefined,
      deadlineAt: this.clock.now() + deadlineMs,
    };
    if (bytes !== undefined) this.weights.set(command.id, bytes);
    void this.lanes.submit(command).then((receipt) => {
      if (this.receipts.has(command.id)) throw new Error(`${command.id} has two receipts`);
      this.receipts.set(command.id, receipt);
      this.onReceipt(receipt);
    });
    return command.id;
  }

  /** Lets happen what follows from what was done, without time passing. */
  settle(): Promise<void> {
    return this.clock.advanceAsync(0);
  }

  follow(plan: Partial<Plan>, latched = false): void {
    this.router.use(routedBy(plan, latched));
  }

  outcomeOf(id: string): string | undefined {
    return this.receipts.get(id)?.outcome;
  }
}
