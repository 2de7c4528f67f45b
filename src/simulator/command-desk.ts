import type { Clock } from '../kernel/clock';
import { OPCODE } from '../protocol/actions';
import { REPLY, type InnerFrame, type InnerFrameInit, type MalformedInner } from '../protocol/inner-frame';
import { MESH_OP, type MeshPdu } from '../protocol/mesh-pdu';
import type { CommandRecord, RecordedCommand } from './command-record';
import { requestOf, type DeviceRequest } from './device-request';
import type { FirmwareFamily } from './families';
import type { Mesh, SimulatedNode } from './mesh';
import { meshPages } from './mesh-pages';
import { changedNode, SETTING_SWITCH_MODE } from './node-change';
import type { RecentSequences } from './recent-sequences';
import type { Reports } from './reports';

/** What follows the 0x7B. */
export interface Reaction {
  /** Frames for 0x73 packets of the device's own, in order. */
  readonly replies: readonly InnerFrameInit[];
  /** Nodes whose status is reported a little later. */
  readonly changed: readonly number[];
  /** Of the command that changed them. */
  readonly sequence: number;
}

/** What of a device outlives its connections, as far as commands concern it. */
export interface CommandDeskParts {
  readonly clock: Clock;
  readonly family: FirmwareFamily;
  readonly mesh: Mesh;
  readonly recent: RecentSequences;
  readonly record: CommandRecord;
  readonly reports: Reports;
  /** The status with which a command is refused; undefined when it is carried out. */
  readonly refusal: (messageId: number) => number | undefined;
}

const NOTHING: Reaction = { replies: [], changed: [], sequence: 0 };

/**
 * Carries out what controllers ask. A command is carried out when it arrives, so that it happened even when the
 * connection is lost before the answers.
 */
export class CommandDesk {
  constructor(private readonly parts: CommandDeskParts) {}

  handle(frame: InnerFrame | MalformedInner, messageId: number): Reaction {
    const request = requestOf(frame);
    switch (request.kind) {
      case 'unusable':
        this.parts.record.totals.unusable += 1;
        return NOTHING;
      case 'page_acknowledged':
        return NOTHING;
      case 'mesh_info':
        return replyWith(this.meshInfo(request.frame));
      case 'status_query':
        return replyWith([accepted(request.frame)]);
      case 'command':
        return this.command(request, messageId);
    }
  }

  /** A frame came before the announce, when a device takes none (protocol 4.2). */
  tooEarly(): void {
    this.parts.record.totals.early += 1;
  }

  private command(request: Extract<DeviceRequest, { kind: 'command' }>, messageId: number): Reaction {
    const { pdu, frame } = request;
    const { family, mesh, recent } = this.parts;
    const nodes = mesh.addressed(pdu.destination);
    const refusal = nodes.length > 0 ? this.parts.refusal(messageId) : undefined;
    if (refusal !== undefined) return this.refuse(request, messageId, refusal);
    const repeat = recent.isRepeat(pdu.sequence);
    const executed = nodes.length > 0 && (!repeat || family.repeats.kind === 'executes');
    this.note(request, { messageId, executed, repeat, refused: false });
    if (nodes.length === 0) {
      this.parts.record.totals.unknownNode += 1;
      return NOTHING;
    }
    if (executed) return this.execute(nodes, frame, pdu);
    const repliesAgain = family.repeats.kind === 'discards' && family.repeats.repliesAgain;
    return repliesAgain ? replyWith([accepted(frame)]) : NOTHING;
  }

  /** What was refused is not remembered: the same command may be carried out the next time. */
  private refuse(
    request: Extract<DeviceRequest, { kind: 'command' }>,
    messageId: number,
    status: number,
  ): Reaction {
    this.note(request, { messageId, executed: false, repeat: false, refused: true });
    return replyWith([answer(request.frame, status)]);
  }

  private execute(nodes: readonly SimulatedNode[], frame: InnerFrame, pdu: MeshPdu): Reaction {
    const changed = nodes.map((node) => changedNode(node, pdu));
    for (const node of changed) this.parts.mesh.update(node);
    const { sequence } = frame;
    if (frame.opcode !== OPCODE.setting)
      return { replies: [accepted(frame)], changed: changed.map(({ node }) => node), sequence };
    // A setting is no lamp state: what it changed is told by a notification behind the reply (protocol 2.8).
    const setsMode = pdu.op === MESH_OP.setting && pdu.parameters[0] === SETTING_SWITCH_MODE;
    const notices = setsMode ? changed.map((node) => this.parts.reports.modeNotice(node, sequence)) : [];
    return replyWith([accepted(frame), ...notices]);
  }

  private meshInfo(frame: InnerFrame): InnerFrameInit[] {
    const { family, mesh } = this.parts;
    const pages = meshPages(mesh.all(), family.deviceType, frame.sequence);
    return family.acceptsMeshInfoFirst ? [accepted(frame), ...pages] : pages;
  }

  private note(
    { frame, pdu }: Extract<DeviceRequest, { kind: 'command' }>,
    seen: Pick<RecordedCommand, 'messageId' | 'executed' | 'repeat' | 'refused'>,
  ): void {
    this.parts.record.add({
      atMs: this.parts.clock.now(),
      meshSequence: pdu.sequence,
      opcode: frame.opcode,
      node: pdu.destination,
      ...seen,
    });
  }
}

function replyWith(replies: readonly InnerFrameInit[]): Reaction {
  return { replies, changed: [], sequence: 0 };
}

const STATUS_OK = 0;

/** The application reply "ok": same sequence and opcode as the request (protocol 2.7). */
function accepted(frame: InnerFrame): InnerFrameInit {
  return answer(frame, STATUS_OK);
}

function answer({ sequence, opcode }: InnerFrame, status: number): InnerFrameInit {
  return { sequence, direction: REPLY, opcode, data: Uint8Array.of(status) };
}
