import { OPCODE } from '../protocol/actions';
import type { PacketInit } from '../protocol/catalogue';
import { OWN_NODE_INDEX, type Datapoint } from '../protocol/datapoints';
import { encodeInner, NOTIFICATION, REPORT_MARKER, type InnerFrameInit } from '../protocol/inner-frame';
import { encodeMeshPdu, MESH_OP } from '../protocol/mesh-pdu';
import type { FirmwareFamily } from './families';
import type { Mesh, SimulatedNode } from './mesh';

/** Bytes 9..11 of every 0x43 (protocol 2.9). */
const DATAPOINTS_REFERENCE = 0x0101;
const DATAPOINTS_FLAG = 0x06;

/** Where a device's mesh sequence stands after power-up in both captured boots. */
const FIRST_MESH_SEQUENCE = 0x112232;
/** LED strips: all mesh sequences are this, and inner sequences count up from there. */
const STRIP_MESH_SEQUENCE = 0x111111;
const STRIP_SEQUENCE = 0x11220000;

/** The address that a switch writes its notices to. */
const NOTICE_DESTINATION = 0x4c;
const SUBTYPE_SWITCH_MODE = 0x81;
const MODE_BYTE = { traditional: 0x50, smart: 0x90 } as const;
const NOTICE_END = 0x14;

const FIRMWARE_DATA_SIZE = 32;
const TYPE_NODE = 0;
const TYPE_COUNTER = 2;
const TYPE_TEXT = 9;
const NOTHING = new Uint8Array(0);
const NODE_UNKNOWN_BYTE = 0x14;

/** What a captured device counted at its boot: C6 down to C3, and the empty C2. */
const BOOT_COUNTERS: readonly Datapoint[] = [
  { index: 0xc6, type: TYPE_COUNTER, value: Uint8Array.of(0x00, 0xab) },
  { index: 0xc5, type: TYPE_COUNTER, value: Uint8Array.of(0x00, 0x04) },
  { index: 0xc4, type: TYPE_COUNTER, value: Uint8Array.of(0x00, 0x1c) },
  { index: 0xc3, type: TYPE_COUNTER, value: Uint8Array.of(0x00, 0x5c) },
  { index: 0xc2, type: TYPE_TEXT, value: NOTHING },
];

/**
 * Writes what a device reports of itself, in 0x83 and 0x43, with the counters that go with it: they start at
 * power-up and go on over reconnects (protocol 2.3).
 */
export class Reports {
  private messageId = 0;
  private meshSequence = FIRST_MESH_SEQUENCE;
  private ownSequence = 0;

  constructor(
    private readonly deviceId: number,
    private readonly family: FirmwareFamily,
    private readonly mesh: Mesh,
  ) {}

  powerUp(): void {
    this.messageId = 0;
    this.meshSequence = FIRST_MESH_SEQUENCE;
  }

  /** The 0x83 FA DB of one node; `sequence` is that of the command that changed it, 0 when none did. */
  nodeStatus(node: SimulatedNode, sequence: number): PacketInit {
    return this.status(this.statusFrame(node, sequence));
  }

  /** One 0x83 for every node, and the 0x43 that lists them all: what follows the announce (protocol 4.2). */
  burst(): PacketInit[] {
    const frames = this.mesh.all().map((node) => this.statusFrame(node, 0));
    const first = frames[0];
    const checksum = this.family.repeatsBurstChecksum && first ? checksumOf(first) : undefined;
    const statuses = frames.map((frame) =>
      this.status(checksum === undefined ? frame : { ...frame, checksum }),
    );
    return [...statuses, this.nodes(this.mesh.all())];
  }

  /** The 0x43 of some nodes: index 05 for the bridge itself, then 06, 07 … */
  nodes(nodes: readonly SimulatedNode[]): PacketInit {
    let index = OWN_NODE_INDEX;
    return this.datapoints(
      nodes.map((node) => ({
        index: node.node === this.mesh.ownNode ? OWN_NODE_INDEX : ++index,
        type: TYPE_NODE,
        value: this.nodeValue(node),
      })),
    );
  }

  counters(): PacketInit {
    return this.datapoints(BOOT_COUNTERS);
  }

  /** The C7 item: the date and time of the clock it was given, signal strength, and counters (protocol 2.9). */
  telemetry(localMs: number): PacketInit {
    const [date = '', time = ''] = new Date(localMs).toISOString().split('T');
    const stamp = `${date.replaceAll('-', '')}:${time.slice(0, 5).replace(':', '')}`;
    const text = `${stamp}:-42,00000,00000,00000,00000,`;
    return this.datapoints([{ index: 0xc7, type: TYPE_TEXT, value: Buffer.from(text, 'latin1') }]);
  }

  /** The 0x83 that starts with 00 and names a firmware version (protocol 2.8). */
  firmware(scope: 'network' | 'device'): PacketInit {
    const digits = scope === 'network' ? this.family.networkVersion : this.family.deviceVersion;
    const data = new Uint8Array(FIRMWARE_DATA_SIZE);
    data.set([MESH_OP.attribute, 0, 0, 0, 0x86, 0x01, scope === 'network' ? 0 : 1], 7);
    data.set(Buffer.from(digits, 'latin1'), 14);
    return this.status({ start: REPORT_MARKER, sequence: 0, direction: NOTIFICATION, opcode: 0, data });
  }

  /** The FA 8E, sent in a 0x73, that says which mode a switch is in. */
  modeNotice(node: SimulatedNode, sequence: number): InnerFrameInit {
    const parameters = [node.node, SUBTYPE_SWITCH_MODE, MODE_BYTE[node.mode], 0, 0, 0, 0, 0, 0, NOTICE_END];
    const data = encodeMeshPdu({
      sequence: this.nextMeshSequence(),
      source: node.node,
      destination: NOTICE_DESTINATION,
      op: MESH_OP.attribute,
      parameters: Uint8Array.from(parameters),
    });
    return { sequence, direction: NOTIFICATION, opcode: OPCODE.setting, data };
  }

  private statusFrame(node: SimulatedNode, cause: number): InnerFrameInit {
    const parameters = [1, Number(node.on), node.brightness, node.tone, ...node.rgb, 0, 0];
    const data = encodeMeshPdu({
      sequence: this.nextMeshSequence(),
      source: node.node,
      destination: node.node,
      op: MESH_OP.status,
      parameters: Uint8Array.from(parameters),
    });
    const sequence = this.family.ownSequences ? STRIP_SEQUENCE + (++this.ownSequence & 0xffff) : cause;
    return { sequence, direction: NOTIFICATION, opcode: OPCODE.status, data };
  }

  private nodeValue({ node, on, brightness, tone, rgb }: SimulatedNode): Uint8Array {
    const isOwn = node === this.mesh.ownNode;
    const reported = [node, Number(on), brightness, tone, ...rgb, 1];
    return Uint8Array.from([
      ...reported,
      isOwn ? 0 : NODE_UNKNOWN_BYTE,
      this.mesh.ownNode,
      ...[0, 0, 0, 0, 0, 0],
    ]);
  }

  private status(inner: InnerFrameInit): PacketInit {
    this.messageId = (this.messageId + 1) & 0xffff;
    return { kind: 'status', deviceId: this.deviceId, messageId: this.messageId, flag: 0, inner };
  }

  private datapoints(items: readonly Datapoint[]): PacketInit {
    return {
      kind: 'datapoints',
      deviceId: this.deviceId,
      reference: DATAPOINTS_REFERENCE,
      flag: DATAPOINTS_FLAG,
      datapoints: { items, trailer: this.family.datapointTrailer },
    };
  }

  private nextMeshSequence(): number {
    if (this.family.ownSequences) return STRIP_MESH_SEQUENCE;
    this.meshSequence = (this.meshSequence + 1) & 0xffffff;
    return this.meshSequence;
  }
}

function checksumOf(frame: InnerFrameInit): number {
  const bytes = encodeInner(frame);
  return bytes[bytes.length - 2] as number;
}
