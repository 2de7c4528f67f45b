import { randomInteger, type Random } from '../kernel/random';
import { FAMILIES, FAMILY_NAMES, type FamilyName, type FirmwareFamily } from './families';
import type { SimulatedNode } from './mesh';

/** How many devices of each family there are, in relation to each other. */
export type FamilyMix = Partial<Readonly<Record<FamilyName, number>>>;

const HIGHEST_NODE = 254;
const WHITE = [255, 255, 255] as const;
const NO_COLOR = [0, 0, 0] as const;

/** The family of one device. Without any weight above 0 it is the first of the table. */
export function drawFamily(mix: FamilyMix, random: Random): FirmwareFamily {
  const total = FAMILY_NAMES.reduce((sum, name) => sum + (mix[name] ?? 0), 0);
  let rest = random.next() * total;
  const chosen = FAMILY_NAMES.find((name) => (rest -= mix[name] ?? 0) < 0);
  return FAMILIES[chosen ?? FAMILY_NAMES[0]];
}

/** One to `maxNodes` nodes with different numbers, the bridge first. */
export function drawNodes(
  family: FirmwareFamily,
  maxNodes: number,
  random: Random,
): [SimulatedNode, ...SimulatedNode[]] {
  const count = randomInteger(random, 1, Math.min(maxNodes, HIGHEST_NODE));
  const own = randomInteger(random, 1, HIGHEST_NODE);
  const nodes: [SimulatedNode, ...SimulatedNode[]] = [newNode(own, family)];
  const taken = new Set([own]);
  while (nodes.length < count) {
    const number = randomInteger(random, 1, HIGHEST_NODE);
    if (taken.has(number)) continue;
    taken.add(number);
    nodes.push(newNode(number, family));
  }
  return nodes;
}

/** A node as it comes out of the box: off, at full brightness. */
export function newNode(node: number, family: FirmwareFamily): SimulatedNode {
  return {
    node,
    on: false,
    brightness: 100,
    tone: family.colored ? 100 : 0,
    rgb: family.colored ? WHITE : NO_COLOR,
    heard: true,
    mode: 'traditional',
  };
}
