import { NO_TIMER, type Cancel, type Clock } from '../../kernel/clock';
import type { AuditEntry } from '../../rollout/document';
import { Transitions, type SeenChange } from '../../rollout/transitions';
import type { AuditTrail } from './audit-trail';
import type { EventMessage } from './event-message';
import type { EventClient, EventStreams } from './event-streams';
import type { RolloutView } from '../schemas/rollout';
import type { RolloutSight } from './rollout-sight';

export interface FeedParts {
  readonly clock: Clock;
  readonly sight: RolloutSight;
  readonly trail: AuditTrail;
  readonly streams: EventStreams;
  readonly settings: { readonly trafficMs: number; readonly replay: number };
  /** Up to which everything is known. */
  readonly revision: number;
}

/**
 * Tells the clients of the event streams what happens to the rollout. An audit entry comes before the view that it led
 * to: who has seen a revision has seen its entry too.
 */
export class RolloutFeed {
  /** Newest last: an entry that a client has missed may not be stored yet. */
  private readonly recent: AuditEntry[] = [];
  private lastView = '';
  private lastTraffic = '';
  private cancelLook = NO_TIMER;

  private readonly transitions: Transitions;

  constructor(private readonly parts: FeedParts) {
    const { trail, settings, revision } = parts;
    this.transitions = new Transitions(revision, {
      history: (limit) => trail.latest(limit),
      tell: (entry) => this.tell(entry),
      lookBack: settings.replay,
    });
  }

  /** What a client has missed that saw `revision` last, oldest first; with undefined it was never here. */
  async missedSince(revision: number | undefined): Promise<readonly AuditEntry[]> {
    if (revision === undefined) return [];
    // A store that cannot be read does not keep anybody from what happens now.
    const stored = await this.parts.trail.latest(this.parts.settings.replay).catch(() => []);
    const known = new Map([...stored].reverse().map((entry) => [keyOf(entry), entry]));
    for (const entry of this.recent) known.set(keyOf(entry), entry);
    return [...known.values()].filter(({ after }) => after.revision > revision);
  }

  /** The client is told where things stand, after what it has missed. The answer ends that. */
  open(client: EventClient, missed: readonly AuditEntry[]): Cancel {
    const { streams, sight } = this.parts;
    if (streams.size === 0) this.watch();
    return streams.join(client, [...missed.map(auditMessage), viewMessage(sight.view())]);
  }

  /** Another document is in effect. */
  changed(change: SeenChange): void {
    this.transitions.changed(change);
    this.showView();
  }

  private tell(entry: AuditEntry): void {
    const { streams, settings } = this.parts;
    // Its own change comes back to a replica from the store.
    if (this.recent.some((known) => keyOf(known) === keyOf(entry))) return;
    this.recent.push(entry);
    this.recent.splice(0, Math.max(0, this.recent.length - settings.replay));
    streams.broadcast(auditMessage(entry));
  }

  /** Gates, replicas and traffic change without anybody changing the rollout. */
  private watch(): void {
    const { clock, settings, streams } = this.parts;
    this.cancelLook();
    this.remember();
    this.cancelLook = clock.every(settings.trafficMs, () => {
      if (streams.size === 0) return this.cancelLook();
      this.showTraffic();
      this.showView();
    });
  }

  private remember(): void {
    this.lastView = comparable(this.parts.sight.view());
    this.lastTraffic = JSON.stringify(trafficOf(this.parts.sight));
  }

  private showView(): void {
    const { sight, streams } = this.parts;
    if (streams.size === 0) return;
    const view = sight.view();
    const text = comparable(view);
    if (text === this.lastView) return;
    this.lastView = text;
    streams.broadcast(viewMessage(view));
  }

  private showTraffic(): void {
    const { sight, streams } = this.parts;
    const data = trafficOf(sight);
    const text = JSON.stringify(data);
    if (text === this.lastTraffic) return;
    this.lastTraffic = text;
    streams.broadcast({ event: 'traffic', data });
  }
}

function viewMessage(view: RolloutView): EventMessage {
  return { event: 'rollout', data: view, id: view.plan.revision };
}

function auditMessage(entry: AuditEntry): EventMessage {
  return { event: 'audit', data: entry, id: entry.after.revision };
}

function trafficOf(sight: RolloutSight): EventMessage['data'] {
  return { percentage: sight.percentage, effectivePercentage: sight.effectivePercentage };
}

/** The view without what has an event of its own, and without what only says that time has passed. */
function comparable(view: RolloutView): string {
  const replicas = view.replicas.map((replica) => ({ ...replica, ageMs: 0 }));
  // Evidence and forecasts move with every command.
  const { state, observeOnly, scope, trip } = view.guard;
  const { watchdog, mutes } = view.alerting;
  const safeguards = { state, observeOnly, scope, trip, watchdog: watchdog.state, mutes };
  return JSON.stringify({
    ...view,
    effectivePercentage: null,
    replicas,
    guard: null,
    alerting: null,
    safeguards,
  });
}

function keyOf({ at, action, after }: AuditEntry): string {
  return `${after.revision} ${at} ${action}`;
}
