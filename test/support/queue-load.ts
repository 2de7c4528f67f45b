import type { QueuePolicy } from '../../src/kernel/bounded-queue-policy';
import type { Clock } from '../../src/kernel/clock';
import type { Fact } from '../../src/kernel/facts';
import type { Outcome } from '../../src/kernel/words';
import { Lanes } from '../../src/routing/lanes';
import { Router } from '../../src/routing/router';
import type { Deliverer, Receipt } from '../../src/transport/transport';
import { routedBy } from './plans';

/** How long each device takes for a command; one command comes every 10 ms, so most are too slow, and the last is dead. */
export const SERVICE_MS = [1, 5, 9, 12, 20, 25, 40, 100, 400, Number.POSITIVE_INFINITY] as const;
const PERIOD_MS = 10;
const DEADLINE_MS = 2_000;

export const LOAD_SETTINGS = {
  capacity: 20,
  capacityBytes: 65_536,
  blockedLimit: 20,
  putTimeoutMs: 500,
  degradedAbove: 10,
  switchAfter: 10,
  calmMs: 60_000,
  window: 1,
  handoverMs: 1_000,
} as const;

/** 1,000 commands a second through the lanes of ten devices. */
export class QueueLoad {
  readonly facts: Fact[] = [];
  /** Of each device, the numbers of its commands in the order in which they left. */
  readonly left = SERVICE_MS.map((): number[] => []);
  readonly receipts = SERVICE_MS.map(() => new Map<number, Receipt>());
  /** The most that waited at once for any device. */
  mostWaiting = 0;
  private readonly lanes: Lanes;
  private sent = 0;

  constructor(
    private readonly clock: Clock,
    policy: QueuePolicy,
  ) {
    this.lanes = new Lanes({
      clock,
      observe: (fact) => this.facts.push(fact),
      router: new Router(routedBy({ percentage: 100 }), SERVICE_MS.length),
      deliverer: this.deliverer(),
      settings: { ...LOAD_SETTINGS, policy },
      bytesOf: () => 40,
    });
  }

  /** Submits for `durationMs`, by the clock and not by the count of its timers, and waits until all has ended. */
  run(durationMs: number): Promise<void> {
    const startedAt = this.clock.now();
    const last = durationMs / PERIOD_MS;
    return new Promise((resolve) => {
      const stop = this.clock.every(PERIOD_MS, () => {
        const due = Math.min(last, Math.floor((this.clock.now() - startedAt) / PERIOD_MS));
        for (; this.sent < due; this.sent += 1) this.submitToAll(this.sent);
        if (this.sent < last) return;
        stop();
        resolve(this.lanes.drain());
      });
    });
  }

  /** How many commands of a device ended so. */
  count(device: number, outcome: Outcome): number {
    return [...(this.receipts[device]?.values() ?? [])].filter((receipt) => receipt.outcome === outcome)
      .length;
  }

  private submitToAll(number: number): void {
    SERVICE_MS.forEach((_, device) => {
      const deviceId = String(device).padStart(8, '0');
      const action = { command: 'power', on: true } as const;
      const deadlineAt = this.clock.now() + DEADLINE_MS;
      void this.lanes
        .submit({ id: String(number), deviceId, action, node: undefined, deadlineAt })
        .then((receipt) => {
          const known = this.receipts[device] as Map<number, Receipt>;
          if (known.has(number)) throw new Error(`command ${number} of device ${device} has two receipts`);
          known.set(number, receipt);
        });
      this.mostWaiting = Math.max(this.mostWaiting, this.lanes.depthOf(deviceId).waiting);
    });
  }

  /** Devices that apply what they are sent, each in its own time. */
  private deliverer(): Deliverer {
    return {
      deliver: ({ id, deviceId, deadlineAt }, _transport, onEnd) => {
        const device = Number(deviceId);
        this.left[device]?.push(Number(id));
        const serviceMs = SERVICE_MS[device] as number;
        const restMs = deadlineAt - this.clock.now();
        const latencyMs = Math.min(serviceMs, restMs);
        const outcome = serviceMs <= restMs ? 'applied' : 'timeout';
        this.clock.after(latencyMs, () => onEnd({ outcome, attempts: 1, latencyMs }));
        return { handOver: () => undefined };
      },
    };
  }
}
