// A fleet whose healthy, unremarkable devices are drawn as counts, and whose others are followed one by one.
import { built } from '../lib/product.mjs';

const { Decisions } = built('slo/guard/decisions');

const DAY = 86_400;
const SWING = 0.8;
const FLAP_WELL = 7_200;
const FLAP_BROKEN = 1_200;

/** Devices that are followed one by one, in an array to draw from and a map to find them by. */
class Followed {
  devices = [];
  places = new Map();

  add(device) {
    if (this.places.has(device)) return;
    this.places.set(device, this.devices.length);
    this.devices.push(device);
  }

  remove(device) {
    const place = this.places.get(device);
    if (place === undefined) return;
    const last = this.devices.pop();
    if (last !== device) {
      this.devices[place] = last;
      this.places.set(last, place);
    }
    this.places.delete(device);
  }
}

/** One second of a fleet after the other, through the product's own device records and run rule. */
export class FleetModel {
  /** @param {{ fleet: number, rate: number, p0: number, swing: boolean, breakagesPerDay: number }} about */
  constructor(about, chance) {
    this.about = about;
    this.chance = chance;
    this.decisions = new Decisions({ records: about.fleet, asideLeast: 50, asideShare: 0.05 });
    this.followed = new Followed();
    /** Broken devices: Infinity for good, or the phase of one that flaps. */
    this.broken = new Map();
    this.followedOnNew = 0;
    this.onNew = 0;
    this.phase = chance.next();
    this.ran = false;
  }

  /** Devices numbered below `share` of the fleet are on new. */
  useShare(share) {
    this.onNew = Math.round(share * this.about.fleet);
    this.followedOnNew = this.followed.devices.filter((device) => device < this.onNew).length;
    this.decisions.forgetSecond();
  }

  /** @param {'flaps' | 'stays'} how */
  breakDevice(device, how) {
    this.broken.set(device, how === 'flaps' ? this.chance.next() * (FLAP_WELL + FLAP_BROKEN) : Infinity);
    this.follow(device);
  }

  /** Runs one second. The tally of the product, and the raw counts of messages. */
  second(t) {
    const { chance, about } = this;
    const perDevice = (about.rate / about.fleet) * this.swingAt(t);
    this.breakByNature();
    const followedOnLegacy = this.followed.devices.length - this.followedOnNew;
    const calmNew = perDevice * (this.onNew - this.followedOnNew);
    const calmLegacy = perDevice * (about.fleet - this.onNew - followedOnLegacy);
    const raw = { n1: 0, x1: 0, n0: 0, x0: 0 };
    const goods = {
      new: chance.poisson(calmNew * (1 - about.p0)),
      legacy: chance.poisson(calmLegacy * (1 - about.p0)),
    };
    raw.n1 = goods.new;
    raw.n0 = goods.legacy;
    const events = this.eventsOf(perDevice, calmNew * about.p0, calmLegacy * about.p0);
    this.play(t, events, goods, raw);
    return { tally: this.decisions.take((t + 1) * 1000, about.fleet), raw };
  }

  /** Times of commands of followed devices (device ≥ 0) and of failures of calm ones (-1 on new, -2 on legacy). */
  eventsOf(perDevice, failuresOnNew, failuresOnLegacy) {
    const { chance, followed } = this;
    const events = [];
    const add = (device) => events.push({ at: chance.next(), device });
    for (let left = chance.poisson(perDevice * followed.devices.length); left > 0; left -= 1)
      add(followed.devices[chance.below(followed.devices.length)]);
    for (let left = chance.poisson(failuresOnNew); left > 0; left -= 1) add(-1);
    for (let left = chance.poisson(failuresOnLegacy); left > 0; left -= 1) add(-2);
    return events.length > 1 ? events.sort((a, b) => a.at - b.at) : events;
  }

  play(t, events, goods, raw) {
    let from = 0;
    for (const { at, device } of events) {
      this.playGoods(goods, (at - from) / (1 - from), (t + at) * 1000);
      from = at;
      this.decide(device >= 0 ? device : this.calmDevice(device), device, t + at, raw);
    }
    this.playGoods(goods, 1, (t + 1) * 1000);
  }

  playGoods(goods, share, now) {
    for (const path of ['new', 'legacy']) {
      const count = share >= 1 ? goods[path] : this.chance.binomial(goods[path], share);
      goods[path] -= count;
      if (this.decisions.goodOfUnknown(path, count, now)) this.ran = true;
    }
  }

  decide(device, kind, t, raw) {
    const onNew = device < this.onNew;
    const bad = kind < 0 || this.fails(device, t);
    raw[onNew ? 'n1' : 'n0'] += 1;
    if (bad) raw[onNew ? 'x1' : 'x0'] += 1;
    const path = onNew ? 'new' : 'legacy';
    if (this.decisions.decided({ deviceId: device, path, bad }, t * 1000)) this.ran = true;
    if (this.broken.has(device) || this.decisions.records.has(device)) this.follow(device);
    else this.unfollow(device);
  }

  fails(device, t) {
    const phase = this.broken.get(device);
    if (phase === Infinity) return true;
    if (phase !== undefined && (t + phase) % (FLAP_WELL + FLAP_BROKEN) < FLAP_BROKEN) return true;
    return this.chance.next() < this.about.p0;
  }

  calmDevice(kind) {
    const { chance, followed, onNew, about } = this;
    for (;;) {
      const device = kind === -1 ? chance.below(onNew) : onNew + chance.below(about.fleet - onNew);
      if (!followed.places.has(device)) return device;
    }
  }

  breakByNature() {
    const { chance, about } = this;
    for (let left = chance.poisson((about.fleet * about.breakagesPerDay) / DAY); left > 0; left -= 1)
      this.breakDevice(chance.below(about.fleet), 'stays');
  }

  follow(device) {
    if (this.followed.places.has(device)) return;
    this.followed.add(device);
    if (device < this.onNew) this.followedOnNew += 1;
  }

  unfollow(device) {
    if (!this.followed.places.has(device)) return;
    this.followed.remove(device);
    if (device < this.onNew) this.followedOnNew -= 1;
  }

  swingAt(t) {
    return this.about.swing ? 1 + SWING * Math.sin(2 * Math.PI * (t / DAY + this.phase)) : 1;
  }
}
