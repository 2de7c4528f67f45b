import { randomInteger, type Random } from '../kernel/random';
import { HEADER_SIZE } from '../protocol/catalogue';
import { CALM, type ChaosSettings, type Direction } from './chaos-settings';
import { drawChances, fateOf, UNHARMED, type Fate } from './packet-fate';
import { writerOf, type PassingPacket } from './passing-packet';

/** What chaos has done since the device was made; nothing resets it. */
export interface ChaosTally {
  dropped: number;
  cut: number;
  delayed: number;
  /** Held back, so that others overtook; late replies too. */
  held: number;
  duplicated: number;
  corrupted: number;
  refused: number;
}

/** Nothing done yet. */
export function noChaos(): ChaosTally {
  return { dropped: 0, cut: 0, delayed: 0, held: 0, duplicated: 0, corrupted: 0, refused: 0 };
}

/** Adds `more` to `sum`. */
export function addChaos(sum: ChaosTally, more: ChaosTally): void {
  for (const what of Object.keys(sum) as (keyof ChaosTally)[]) sum[what] += more[what];
}

/** What goes wrong between one device and its controller, now. It may be changed at any time. */
export class Chaos {
  readonly tally = noChaos();
  private current = CALM;
  /** By direction and packet type, since the settings began. */
  private readonly counts = new Map<string, number>();

  constructor(private readonly random: Random) {}

  get settings(): ChaosSettings {
    return this.current;
  }

  /** From here on; what is on its way already arrives as it would have. */
  use(settings: ChaosSettings): void {
    this.current = settings;
    this.counts.clear();
  }

  /** The fate of the next packet. `describe` is not called while nothing goes wrong. */
  fateOf(direction: Direction, describe: () => PassingPacket): Fate {
    if (this.current === CALM) return UNHARMED;
    const packet = describe();
    const count = this.count(`${direction} ${packet.name}`);
    const fate = fateOf(this.current, { ...packet, direction, count }, drawChances(this.random));
    this.note(fate);
    return fate;
  }

  /** The status with which the device refuses the command with this message id; undefined when it does not. */
  refusal(messageId: number): number | undefined {
    const { only, answers } = this.current;
    if (this.current === CALM || (only === 'new' && writerOf(messageId) !== 'new')) return undefined;
    if (this.random.next() >= answers.refusals.rate) return undefined;
    this.tally.refused += 1;
    return answers.refusals.status;
  }

  /** A copy with up to `bytes` bytes of the body changed, each to another value. */
  corrupted(packet: Uint8Array, bytes: number): Uint8Array {
    const copy = new Uint8Array(packet);
    if (copy.length === HEADER_SIZE) return copy;
    for (let left = bytes; left > 0; left -= 1) {
      const at = randomInteger(this.random, HEADER_SIZE, copy.length - 1);
      copy[at] = (copy[at] as number) ^ randomInteger(this.random, 1, 255);
    }
    return copy;
  }

  private count(key: string): number {
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }

  private note(fate: Fate): void {
    if (fate.kind !== 'delivered') {
      this.tally[fate.kind] += 1;
      return;
    }
    if (fate.latencyMs > 0) this.tally.delayed += 1;
    if (fate.heldMs > 0) this.tally.held += 1;
    if (fate.copies > 1) this.tally.duplicated += 1;
    if (fate.corruptBytes > 0) this.tally.corrupted += 1;
  }
}
