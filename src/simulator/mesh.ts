import type { SwitchMode } from '../protocol/actions';
import { ALL_NODES } from '../protocol/mesh-pdu';
import type { NodeState } from '../protocol/node-state';

/** One mesh node as it really is, as opposed to what somebody heard of it. */
export interface SimulatedNode extends NodeState {
  readonly mode: SwitchMode;
}

const FIRST_GROUP = 0x8000;

/** The mesh nodes behind one bridge; the first is the bridge itself. */
export class Mesh {
  private readonly byNumber = new Map<number, SimulatedNode>();
  readonly ownNode: number;

  constructor(nodes: readonly [SimulatedNode, ...SimulatedNode[]]) {
    this.ownNode = nodes[0].node;
    for (const node of nodes) this.byNumber.set(node.node, node);
  }

  /** All nodes, the bridge first. */
  all(): SimulatedNode[] {
    return [...this.byNumber.values()];
  }

  node(number: number): SimulatedNode | undefined {
    return this.byNumber.get(number);
  }

  /** The nodes that an address means: one, or all for a group or for everybody (protocol 2.7). */
  addressed(destination: number): SimulatedNode[] {
    if (destination === ALL_NODES || destination >= FIRST_GROUP) return this.all();
    const node = this.node(destination);
    return node ? [node] : [];
  }

  update(node: SimulatedNode): void {
    this.byNumber.set(node.node, node);
  }
}
