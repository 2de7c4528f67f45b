import type { Plan } from '../../src/routing/plan';
import { Lanes } from '../../src/routing/lanes';
import { Mirror, type MirrorSettings } from '../../src/routing/mirror';
import { MirrorTally } from '../../src/routing/mirror-tally';
import { Router } from '../../src/routing/router';
import { seededRandom } from '../../src/kernel/random';
import { DeliveryShadow } from '../../src/transport/shadow/delivery-shadow';
import type { Recording, Shadow, ShadowReport } from '../../src/transport/shadowing';
import type { Command, Receipt } from '../../src/transport/transport';
import { DEVICE_ID, receiptOf, replyOf, type MemoryDevice } from './memory-device';
import { routedBy } from './plans';
import { RELIABLE_SETTINGS, TransportBench } from './transport-bench';

const MIRROR_SETTINGS: MirrorSettings = {
  capacity: 100,
  sliceMs: 2,
  restMs: 5,
  overrunMs: 20,
  hangMs: 1_000,
  lagMs: 50,
  failures: 5,
  strains: 20,
  strainWindowMs: 10_000,
  pauseMs: 30_000,
  heardLimit: 16,
};

export const MIRROR_ON: Pick<Plan, 'mirror'> = { mirror: { on: true, percentage: 100 } };
export const MIRROR_OFF: Pick<Plan, 'mirror'> = { mirror: { on: false, percentage: 100 } };

/** The shadow of the product, with a memory of what it was given and said. */
export class KeepingShadow implements Shadow {
  readonly recordings: Recording[] = [];
  readonly reports: ShadowReport[] = [];
  private readonly shadow = new DeliveryShadow({
    settings: RELIABLE_SETTINGS,
    random: seededRandom(1),
    rememberedPaces: 100,
  });

  examine(recording: Recording): ShadowReport {
    const report = this.shadow.examine(recording);
    this.recordings.push(recording);
    this.reports.push(report);
    return report;
  }
}

/** Lanes, both transports and the mirror over a real link to a device in memory. */
export class MirrorBench extends TransportBench {
  readonly tally = new MirrorTally();
  readonly router: Router;
  readonly mirror: Mirror;
  readonly lanes: Lanes;
  readonly receipts: Receipt[] = [];
  private submitted = 0;

  constructor(
    readonly shadow: Shadow = new KeepingShadow(),
    { plan = MIRROR_ON, settings = {} }: { plan?: Partial<Plan>; settings?: Partial<MirrorSettings> } = {},
  ) {
    super();
    const { clock, observe, deliverer, registry, tally } = this;
    this.router = new Router(routedBy(plan), 100);
    this.mirror = new Mirror({
      clock,
      observe,
      shadow,
      tally,
      settings: { ...MIRROR_SETTINGS, ...settings },
      linkOf: (deviceId) => registry.link(deviceId),
    });
    this.taps.add((fact) => this.mirror.see(fact));
    this.lanes = new Lanes({
      clock,
      observe,
      router: this.router,
      deliverer,
      mirror: this.mirror,
      settings: {
        policy: 'reject',
        capacity: 10_000,
        capacityBytes: 10_000_000,
        blockedLimit: 1,
        putTimeoutMs: 1_000,
        degradedAbove: 1_000,
        switchAfter: 1_000,
        calmMs: 1_000,
        window: 1,
        handoverMs: 1_000,
      },
      bytesOf: () => 40,
    });
  }

  submit(change: Partial<Command> = {}): void {
    this.submitted += 1;
    const command = this.command({ id: `c${this.submitted}`, deviceId: DEVICE_ID, ...change });
    void this.lanes.submit(command).then((receipt) => this.receipts.push(receipt));
  }

  /** One command that the device answers so many milliseconds after it came; undefined: never. */
  async exchange(
    device: MemoryDevice,
    { receiptMs, replyMs, status = 0, ...change }: Answers & Partial<Command> = {},
  ): Promise<void> {
    const before = device.all('data').length;
    this.submit(change);
    await this.settle();
    const request = device.all('data')[before];
    if (!request) throw new Error('nothing came');
    if (receiptMs !== undefined) this.clock.after(receiptMs, () => device.send(receiptOf(request)));
    if (replyMs !== undefined) this.clock.after(replyMs, () => device.send(replyOf(request, status)));
    const wanted = this.receipts.length + 1;
    while (this.receipts.length < wanted) await this.clock.advanceAsync(10);
    await this.clock.advanceAsync(20);
  }

  countOf(kind: string): number {
    return this.facts.all.filter((fact) => fact.kind === kind).length;
  }
}

interface Answers {
  readonly receiptMs?: number | undefined;
  readonly replyMs?: number | undefined;
  readonly status?: number;
}
