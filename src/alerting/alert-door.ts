import { LRUCache } from 'lru-cache';
import type { Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { Evidence } from '../slo/verdict';
import { demandOf, type Alert, type AlertDemand, type Delivery } from './alert';
import type { Watchdog } from './watchdog';

/** What the door may do with a rollout: lower it, hold it, and nothing else. */
export interface Steering {
  readonly generation: number;
  rollBack(wish: AlertWish): Promise<Steered>;
  pause(wish: AlertWish): Promise<Steered>;
  /** Resolves when everything that took effect is stored; rejects when it cannot be. */
  stored(): Promise<void>;
}

export interface AlertWish {
  readonly by: string;
  readonly reason: string;
  readonly generation: number;
  readonly evidence: Evidence;
}

export interface Steered {
  readonly changed: boolean;
}

/** What became of one delivery. */
export interface DeliveryAnswer {
  readonly changed: boolean;
  readonly rolledBack: number;
  readonly paused: number;
  /** Alerts that acted on nothing, by why. */
  readonly ignored: Readonly<Record<string, number>>;
}

export interface AlertDoorParts {
  readonly steering: Steering;
  readonly watchdog: Watchdog;
  /** How both transports fared in this generation, as it is known here: read at once, and asked of nobody. */
  readonly counts: () => Evidence;
  readonly clock: Clock;
  readonly observe: Observe;
  /** How long storing may take before the delivery is refused, to be sent again. */
  readonly storeWithinMs: number;
  /** Stale alerts that are known, so that each is recorded once. */
  readonly rememberedStale: number;
}

/**
 * Where Alertmanager comes in. What an alert asks for takes effect in memory first; the answer waits until it is
 * stored. Deliveries repeat by design, so acting is idempotent in the rollout's state and not by remembering keys.
 */
export class AlertDoor {
  private readonly knownStale: LRUCache<string, true>;

  constructor(private readonly parts: AlertDoorParts) {
    this.knownStale = new LRUCache({ max: parts.rememberedStale });
  }

  /** Rejects with `store.unavailable` when what took effect could not be stored in time. */
  async receive({ alerts }: Delivery, by: string): Promise<DeliveryAnswer> {
    const { generation } = this.parts.steering;
    const demands = alerts.map((alert) => demandOf(alert, generation));
    this.count(demands);
    const rollbacks = ofKind(demands, 'rollback');
    const pauses = ofKind(demands, 'pause');
    // Begun before anything is awaited: what lowers is in effect when this line is done.
    const acted = this.act({ rollbacks, pauses }, { by, generation });
    const recorded = ofKind(demands, 'stale').map((demand) => this.record(demand, by));
    const steered = await this.inTime(this.stored(acted, recorded));
    return {
      changed: steered.changed,
      rolledBack: rollbacks.length,
      paused: pauses.length,
      ignored: ignoredOf(demands),
    };
  }

  /** One wish for all alerts that say the same: the first rollback opens a generation in which the others are stale. */
  private act(
    { rollbacks, pauses }: { rollbacks: readonly Acting[]; pauses: readonly Acting[] },
    about: { by: string; generation: number },
  ): Promise<Steered> {
    const { steering } = this.parts;
    if (rollbacks.length > 0) return steering.rollBack(this.counted(wishOf(rollbacks, about)));
    if (pauses.length > 0) return steering.pause(this.counted(wishOf(pauses, about)));
    return Promise.resolve({ changed: false });
  }

  /** Counts come first: should the evidence be too long, its beginning is kept. No rollback fails for want of them. */
  private counted(wish: AlertWish): AlertWish {
    const { evidence } = wish;
    try {
      return { ...wish, evidence: { counts: this.parts.counts(), ...evidence } };
    } catch (error) {
      return { ...wish, evidence: { counts: { unread: messageOf(error) }, ...evidence } };
    }
  }

  /** A repeat finds the state as wanted, but what the first delivery did may still wait to be stored. */
  private async stored(acted: Promise<Steered>, recorded: readonly Promise<void>[]): Promise<Steered> {
    const [steered] = await Promise.all([acted, ...recorded]);
    await this.parts.steering.stored();
    return steered;
  }

  /** The rollout drops what is of another generation, and writes down that it did. */
  private async record({ alert, generation }: Stale, by: string): Promise<void> {
    const key = `${alert.fingerprint} ${alert.startsAt} ${generation}`;
    if (this.knownStale.has(key)) return;
    await this.parts.steering.rollBack(wishOf([{ alert }], { by, generation }));
    this.knownStale.set(key, true);
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    const { clock, storeWithinMs } = this.parts;
    return new Promise((resolve, reject) => {
      const late = (): void =>
        reject(
          new AppError('store.unavailable', `it took effect but was not stored within ${storeWithinMs} ms`),
        );
      const cancel = clock.after(storeWithinMs, late);
      void work.then(resolve, reject).finally(cancel);
    });
  }

  private count(demands: readonly AlertDemand[]): void {
    for (const demand of demands) {
      if (demand.kind === 'watchdog') this.parts.watchdog.heard();
      this.parts.observe({ kind: 'alert_received', outcome: outcomeOf(demand) });
    }
  }
}

type Acting = Extract<AlertDemand, { kind: 'rollback' | 'pause' }>;
type Stale = Extract<AlertDemand, { kind: 'stale' }>;

function ofKind<Kind extends AlertDemand['kind']>(
  demands: readonly AlertDemand[],
  kind: Kind,
): Extract<AlertDemand, { kind: Kind }>[] {
  return demands.filter((demand): demand is Extract<AlertDemand, { kind: Kind }> => demand.kind === kind);
}

function outcomeOf(
  demand: AlertDemand,
): Exclude<AlertDemand['kind'], 'nothing'> | 'resolved' | 'no_action' | 'no_generation' {
  return demand.kind === 'nothing' ? demand.why : demand.kind;
}

function ignoredOf(demands: readonly AlertDemand[]): Record<string, number> {
  const ignored: Record<string, number> = {};
  for (const demand of demands) {
    if (demand.kind === 'rollback' || demand.kind === 'pause' || demand.kind === 'watchdog') continue;
    const why = outcomeOf(demand);
    ignored[why] = (ignored[why] ?? 0) + 1;
  }
  return ignored;
}

const MAX_REASON = 500;
/** Alerts that are kept as evidence of one wish; the first say enough. */
const MAX_EVIDENCE = 20;
/** Of those so many are kept whole, with words and expression; of the others it is enough which ones they were. */
const KEPT_WHOLE = 3;

function wishOf(
  demands: readonly { readonly alert: Alert }[],
  about: { by: string; generation: number },
): AlertWish {
  const alerts = demands.map(({ alert }) => alert);
  const [first] = alerts as [Alert, ...Alert[]];
  return {
    ...about,
    reason: reasonOf(first),
    evidence: { alerts: alerts.slice(0, MAX_EVIDENCE).map(keptOf) },
  };
}

function keptOf(alert: Alert, at: number): Partial<Alert> {
  const { status, labels, startsAt, fingerprint } = alert;
  return at < KEPT_WHOLE ? alert : { status, labels, startsAt, fingerprint };
}

function reasonOf({ labels, annotations }: Alert): string {
  const says = annotations.summary ?? annotations.title ?? annotations.description;
  const name = labels.alertname ?? 'an alert without a name';
  return (says === undefined ? `${name} fires` : `${name}: ${says}`).slice(0, MAX_REASON);
}
