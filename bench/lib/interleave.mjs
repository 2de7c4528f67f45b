import { built } from './product.mjs';
import { spreadOf } from './stats.mjs';

/**
 * One thing that is measured. `measure` gives one sample: figures by key.
 * @typedef {{ name: string, measure: () => Promise<Record<string, number>> | Record<string, number> }} Subject
 */

/** What was sampled, subject by subject; the samples at one place of the lists are of one round. */
export class Samples {
  /** @type {Map<string, Record<string, number>[]>} */
  #bySubject = new Map();

  /** @param {string} name @param {Record<string, number>} sample */
  add(name, sample) {
    const known = this.#bySubject.get(name);
    if (known) known.push(sample);
    else this.#bySubject.set(name, [sample]);
  }

  /** @param {string} name @param {string} key @returns {number[]} */
  values(name, key) {
    const samples = this.#bySubject.get(name);
    if (!samples) throw new Error(`nothing was measured of "${name}"`);
    return samples.map((sample) => sample[key]);
  }

  /** A line of the figures. @param {string} name @param {string} key @param {string} unit */
  figure(name, key, unit, label = name) {
    const values = this.values(name, key);
    return { name: label, unit, ...spreadOf(values), rounds: values.length };
  }

  /** How many times `over` is `under`, round by round. @param {string} key */
  ratio(over, under, key, label = `${over} : ${under}`) {
    const ratios = this.ratios(over, under, key);
    return { name: label, unit: '×', ...spreadOf(ratios), rounds: ratios.length };
  }

  /** @param {string} key @returns {number[]} round by round */
  ratios(over, under, key) {
    const below = this.values(under, key);
    return this.values(over, key).map((value, round) => value / below[round]);
  }
}

const TWIN = ' (again)';

/** The name under which a subject is measured a second time, to see what the same thing scatters by (A/A). */
export const twinOf = (name) => name + TWIN;

/** @param {readonly Subject[]} subjects @param {string} name @returns {Subject[]} */
export function withTwin(subjects, name) {
  const measured = subjects.find((subject) => subject.name === name);
  return [...subjects, { ...measured, name: twinOf(name) }];
}

/**
 * Measures all subjects once a round, in another order each round, so that none always follows the same neighbour.
 * The orders are the same in every run.
 * @param {readonly Subject[]} subjects @param {number} rounds
 */
export async function interleave(subjects, rounds) {
  const samples = new Samples();
  const random = built('kernel/random').seededRandom(1);
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, measure } of shuffled(subjects, random)) samples.add(name, await measure());
  }
  return samples;
}

function shuffled(items, random) {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
