import type { Cancel, Clock } from '../../kernel/clock';
import { formatDeviceId } from '../../kernel/device-id';
import type { CommandSettledFact } from '../../kernel/facts';
import { decide } from '../../rollout/decide';
import type { RolloutContext } from '../../rollout/decision';
import type { RolloutDocument } from '../../rollout/document';
import { routedOf } from '../../rollout/rollout';
import { Router } from '../../routing/router';
import { Guard } from '../../slo/guard/guard';
import type { GuardSettings } from '../../slo/guard/guard-settings';
import type { GuardTrip } from '../../slo/guard/trip';

const DEVICES = 200;
/** One command each: a hundred a second, over both paths. */
const EVERY_MS = 10;
const ANSWER_MS = 20;
/** Both paths answer for so long before the new one falls silent. */
const CALM_MS = 2_000;
/** Beyond what the guard waits for a reply anyway. */
const PATIENCE_MS = 30_000;
/** Where the real plan has nobody on one of the paths. */
const REHEARSED = { percentage: 25, holdback: 5 } as const;

export interface RehearsalParts {
  /** What stands; it is copied. */
  readonly document: RolloutDocument;
  readonly context: RolloutContext;
  readonly settings: GuardSettings;
  readonly clock: Clock;
}

/** How a rehearsal went. */
export interface Rehearsed {
  /** From the moment at which new answered no more until every device was served by legacy. */
  readonly seconds: number;
  readonly rule: string;
  readonly sentence: string;
  readonly percentage: number;
  readonly commandsPerSecond: number;
}

/**
 * The way back with nobody on it: the guard with its real settings, the real decision on a copy of what stands, and a
 * router of their own, on real time, told of devices that do not exist. New falls silent, and it is measured how long
 * it takes until legacy serves all of them. No device, no store and no other replica has anything to do with it.
 */
export class Rehearsal {
  private document: RolloutDocument;
  private readonly router: Router;
  private readonly guard: Guard;
  private readonly devices = Array.from({ length: DEVICES }, (_, number) => formatDeviceId(number + 1));
  private sent = 0;
  private brokenAt: number | undefined;
  private cancels: Cancel[] = [];
  private onEnd: (rehearsal: Rehearsed) => void = () => {};

  constructor(private readonly parts: RehearsalParts) {
    this.document = rehearsed(parts.document);
    this.router = new Router(routedOf(this.document), DEVICES);
    this.guard = new Guard({
      clock: parts.clock,
      observe: () => {},
      settings: parts.settings,
      replica: 'rehearsal',
      plan: () => ({ ...this.document.plan, rates: null }),
      pathOf: (deviceId) => this.router.decide(deviceId).transport,
      fleetSize: () => DEVICES,
      rollBack: (trip) => {
        this.goBack(trip);
        return Promise.resolve();
      },
    });
  }

  /** Undefined when nothing has gone back in time. */
  run(): Promise<Rehearsed | undefined> {
    const { clock, settings } = this.parts;
    return new Promise<Rehearsed | undefined>((resolve) => {
      this.onEnd = resolve;
      this.guard.start();
      this.cancels = [
        clock.every(EVERY_MS, () => this.send()),
        clock.after(CALM_MS, () => (this.brokenAt = clock.now())),
        clock.after(CALM_MS + settings.latencyThresholdMs + PATIENCE_MS, () => {
          resolve(undefined);
        }),
      ];
    }).finally(() => this.close());
  }

  private close(): void {
    this.guard.close();
    for (const cancel of this.cancels) cancel();
  }

  private send(): void {
    const deviceId = this.devices[this.sent % DEVICES] as string;
    const commandId = `rehearsal ${(this.sent += 1)}`;
    const { transport, reason } = this.router.decide(deviceId);
    this.guard.observe({ kind: 'routed', commandId, purpose: 'command', deviceId, transport, reason });
    if (transport === 'new' && this.brokenAt !== undefined) return;
    const fact = { ...ANSWERED, commandId, deviceId, transport, generation: this.document.plan.generation };
    this.parts.clock.after(ANSWER_MS, () => this.guard.observe(fact));
  }

  private goBack({ generation, sentence: reason, evidence, rule }: GuardTrip): void {
    const { clock, context } = this.parts;
    const at = new Date(clock.wallNow()).toISOString();
    const wish = { kind: 'rollback', to: 'zero', by: 'guard', generation, reason, evidence, at } as const;
    const decision = decide(this.document, wish, context);
    if (decision.kind !== 'change') return;
    const { percentage } = this.document.plan;
    this.document = decision.document;
    this.router.use(routedOf(this.document));
    if (this.devices.some((deviceId) => this.router.decide(deviceId).transport === 'new')) return;
    // Nothing was broken yet: a guard that cries at health has not rehearsed anything.
    if (this.brokenAt === undefined) return;
    const seconds = Math.round(clock.now() - this.brokenAt) / 1000;
    this.onEnd({ seconds, rule, sentence: reason, percentage, commandsPerSecond: 1000 / EVERY_MS });
  }
}

const ANSWERED: Omit<CommandSettledFact, 'commandId' | 'deviceId' | 'transport' | 'generation'> = {
  kind: 'command_settled',
  purpose: 'command',
  outcome: 'applied',
  attempts: 1,
  latencyMs: ANSWER_MS,
  waitedMs: 0,
};

/** What stands, with devices on both paths and nothing that forbids to go back. */
function rehearsed(document: RolloutDocument): RolloutDocument {
  const { plan } = document;
  const both = plan.percentage > 0 && (plan.percentage < 100 || plan.holdback > 0);
  return {
    ...document,
    plan: { ...plan, ...(both ? {} : REHEARSED), pins: {} },
    automation: { kind: 'manual' },
    freeze: null,
  };
}
