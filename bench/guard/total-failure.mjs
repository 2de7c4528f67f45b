// New answers nobody any more: command by command through the whole guard, on a clock that is moved by hand.
import { built } from '../lib/product.mjs';
import { chance } from './chance.mjs';

const { Guard, OVERDUE_TICK_MS, LOOK_MS } = built('slo/guard/guard');

const P0 = 0.001;
const FLEET = 10_000;
const REPLY_MS = 50;
const WARM_UP_MS = 3_000;
const SETTINGS = {
  enabled: true,
  observeOnly: false,
  falseAlarmDays: 100,
  failureRatios: [2, 4, 10],
  breakageRatio: 20,
  latencyThresholdMs: 1_500,
  asideLeast: 50,
  asidePercent: 5,
  maxDevices: 100_000,
  maxInFlight: 100_000,
};

/** Seconds from the fault to the rollback, and the rule; null when none came in time. */
export function totalFailure({ newRate, share, failing = 1, maxSeconds, seed }) {
  const random = chance(seed);
  const stage = new Stage({ newRate, share, failing }, random);
  const faultAt = WARM_UP_MS + random.below(1_000);
  while (!stage.trip && stage.now < faultAt + maxSeconds * 1000) stage.step(faultAt);
  return { delay: stage.trip ? (stage.now - faultAt) / 1000 : null, rule: stage.trip?.rule ?? null };
}

class Stage {
  now = 0;
  trip = undefined;
  replies = [];
  firstReply = 0;
  busy = new Set();
  sent = 0;

  constructor(about, random) {
    this.about = about;
    this.random = random;
    this.legacyRate = (about.newRate * (1 - about.share)) / about.share;
    this.onNew = Math.round(about.share * FLEET);
    this.tickPhase = random.below(OVERDUE_TICK_MS);
    this.lookPhase = random.below(LOOK_MS);
    const total = about.newRate + this.legacyRate;
    const rates = { firstFailures: total * P0, breakages: (FLEET * 0.001) / 86_400 };
    const plan = { generation: 1, revision: 1, percentage: about.share * 100, holdback: 0, pins: 0, rates };
    this.guard = new Guard({
      clock: { now: () => this.now, wallNow: () => this.now - this.lookPhase + LOOK_MS },
      observe: () => {},
      settings: SETTINGS,
      replica: 'bench',
      plan: () => plan,
      pathOf: (device) => (device < this.onNew ? 'new' : 'legacy'),
      fleetSize: () => FLEET,
      rollBack: async (trip) => (this.trip = trip),
    });
  }

  /** One millisecond. */
  step(faultAt) {
    this.now += 1;
    while (this.firstReply < this.replies.length && this.replies[this.firstReply].at <= this.now)
      this.settle(this.replies[this.firstReply++]);
    this.send('new', this.random.poisson(this.about.newRate / 1000), faultAt);
    this.send('legacy', this.random.poisson(this.legacyRate / 1000), faultAt);
    if (this.now % OVERDUE_TICK_MS === this.tickPhase) this.guard.hearing.decideOverdue();
    if (this.now % LOOK_MS === this.lookPhase) this.guard.look();
    // The guard calls back before it awaits anything.
    this.trip ??= this.guard.tripped;
  }

  /** A device whose command is not answered yet has its next one wait in its lane. */
  send(path, count, faultAt) {
    for (let left = count; left > 0; left -= 1) {
      const device =
        path === 'new' ? this.random.below(this.onNew) : this.onNew + this.random.below(FLEET - this.onNew);
      if (this.busy.has(device)) continue;
      this.busy.add(device);
      const commandId = (this.sent += 1);
      this.guard.observe({
        kind: 'routed',
        commandId,
        purpose: 'command',
        deviceId: device,
        transport: path,
      });
      const fails =
        path === 'new' && this.now + REPLY_MS > faultAt && this.random.next() < this.about.failing;
      if (!fails && this.random.next() >= P0)
        this.replies.push({ at: this.now + REPLY_MS, commandId, device, path });
    }
  }

  settle({ commandId, device, path: transport }) {
    this.busy.delete(device);
    const outcome = 'applied';
    this.guard.observe({
      kind: 'command_settled',
      commandId,
      deviceId: device,
      transport,
      outcome,
      latencyMs: REPLY_MS,
    });
  }
}
