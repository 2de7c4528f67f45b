import type { DeviceId } from '../kernel/device-id';
import { isNodeState, OWN_NODE_INDEX, TELEMETRY_INDEX, type DatapointList } from '../protocol/datapoints';
import { nodeStateOf, type NodeState, type Notification } from '../protocol/node-state';

/** Node numbers fit a byte in every packet that reports state, so a bridge cannot make this grow further. */
const MAX_NODES = 256;
const MINUTE_MS = 60_000;

/**
 * What is known of a device, whether it is connected or not: the mesh nodes behind it and its firmware. Kept over
 * reconnects, because a device repeats its state only when it changes.
 */
export class DeviceRecord {
  readonly nodes = new Map<number, NodeState>();
  readonly firmware: { network?: string; device?: string } = {};
  ownNode: number | undefined;
  /** The last telemetry text of a 0x43, as the device wrote it (protocol 2.9). */
  telemetry: string | undefined;
  /** Wall-clock milliseconds of the last packet heard. */
  lastHeardAt = 0;
  connections = 0;
  private minuteBeganAt = -Infinity;
  private connectsThisMinute = 0;

  constructor(readonly deviceId: DeviceId) {}

  /** Counts a connection, and says whether there were not too many of them within the minute. */
  mayConnect(at: number, limit: number): boolean {
    if (at - this.minuteBeganAt >= MINUTE_MS) {
      this.minuteBeganAt = at;
      this.connectsThisMinute = 0;
    }
    this.connectsThisMinute += 1;
    return this.connectsThisMinute <= limit;
  }

  learnDatapoints(list: DatapointList): void {
    for (const item of list.items) {
      if (item.index === TELEMETRY_INDEX) this.telemetry = Buffer.from(item.value).toString('latin1');
      if (!isNodeState(item)) continue;
      const state = nodeStateOf(item);
      if (item.index === OWN_NODE_INDEX) this.ownNode = state.node;
      this.learnNode(state);
    }
  }

  learnNotification(notification: Notification): void {
    if (notification.kind === 'node_state') this.learnNode(notification.state);
    if (notification.kind === 'firmware') this.firmware[notification.scope] = notification.version;
  }

  /** A node that the bridge does not hear keeps its last state and is marked (protocol, trap 16). */
  private learnNode(state: NodeState): void {
    const known = this.nodes.get(state.node);
    if (!known && this.nodes.size >= MAX_NODES) return;
    this.nodes.set(state.node, !state.heard && known ? { ...known, heard: false } : state);
  }
}
