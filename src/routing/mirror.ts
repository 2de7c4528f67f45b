import type { Clock } from '../kernel/clock';
import type { DeviceId } from '../kernel/device-id';
import type { Fact, Observe } from '../kernel/facts';
import type { MirrorDropReason } from '../kernel/mirror-facts';
import type { Outcome } from '../kernel/words';
import type { Shadow } from '../transport/shadowing';
import type { Command } from '../transport/transport';
import type { LiveRecording } from './live-recording';
import { MirrorExaminer, type ExaminerSettings } from './mirror-examiner';
import type { BreakerSettings } from './mirror-breaker';
import { MirrorGate } from './mirror-gate';
import { MirrorRecorder } from './mirror-recorder';
import { MirrorSample } from './mirror-sample';
import type { MirrorTally } from './mirror-tally';
import type { Plan } from './plan';

export interface MirrorSettings extends BreakerSettings, ExaminerSettings {
  /** Packets kept of what a device sends during one command. */
  readonly heardLimit: number;
}

/** What the mirror may know of a device's connection: data, and no way to it. */
export interface LinkInfo {
  readonly connection: number;
  readonly ownNode: number | undefined;
}

export interface MirrorParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly shadow: Shadow;
  readonly tally: MirrorTally;
  readonly settings: MirrorSettings;
  /** Of a device that takes commands now. */
  readonly linkOf: (deviceId: DeviceId) => LinkInfo | undefined;
}

/** A command that is shadowed while legacy delivers it. */
export interface Shadowing {
  /** Call once, when the command has ended. Whether it goes on to the shadow. */
  end(outcome: Outcome): boolean;
}

/**
 * Dark launch: of a sample of devices it records what legacy delivers, and has the shadow examine it afterwards. In the
 * way of a command stand a hash, two looks at the clock and some small copies; nothing is awaited, nothing is written
 * to a device, and nothing that goes wrong here comes out.
 */
export class Mirror {
  private readonly sample = new MirrorSample();
  private readonly gate: MirrorGate;
  private readonly recorder: MirrorRecorder;
  private readonly examiner: MirrorExaminer;
  /** Commands that are recorded now. */
  private live = 0;

  constructor(private readonly parts: MirrorParts) {
    const { clock, settings } = parts;
    this.gate = new MirrorGate(parts);
    this.recorder = new MirrorRecorder(clock, settings.heardLimit);
    this.examiner = new MirrorExaminer({ ...parts, gate: this.gate });
  }

  /** Commands that are recorded, or wait for the shadow. */
  get pending(): number {
    return this.live + this.examiner.size;
  }

  get breaker(): MirrorGate['kind'] {
    return this.gate.kind;
  }

  /** Call right before legacy delivers the command. Undefined: it is not shadowed. */
  open(command: Command, plan: Plan): Shadowing | undefined {
    if (!plan.mirror.on) return undefined;
    return this.contained(() =>
      this.sample.holds(command.deviceId, plan) ? this.admit(command, plan) : undefined,
    );
  }

  /** Must be told every fact. */
  see(fact: Fact): void {
    this.contained(() => this.recorder.see(fact));
  }

  private admit(command: Command, plan: Plan): Shadowing | undefined {
    const { action, deviceId } = command;
    // A query changes nothing and is no evidence.
    if (action.command === 'mesh_info') return undefined;
    const link = this.parts.linkOf(deviceId);
    const node = command.node ?? link?.ownNode;
    // The command will end as not connected.
    if (!link || node === undefined) return undefined;
    this.parts.observe({ kind: 'mirror_sampled' });
    const refusal = this.refusal();
    if (refusal) {
      this.drop(refusal);
      return undefined;
    }
    const recording = this.recorder.begin({
      commandId: command.id,
      deviceId,
      connection: link.connection,
      action,
      node,
      generation: plan.generation,
      startedAt: this.parts.clock.now(),
      deadlineAt: command.deadlineAt,
    });
    this.live += 1;
    return { end: (outcome) => this.contained(() => this.end(recording, outcome)) ?? false };
  }

  /** Room first: a breaker that is asked lets one through, and counts on it. */
  private refusal(): MirrorDropReason | undefined {
    if (this.pending >= this.parts.settings.capacity) {
      this.gate.strained('flooded');
      return 'queue_full';
    }
    return this.gate.lets() ? undefined : 'breaker_open';
  }

  private end(recording: LiveRecording, outcome: Outcome): boolean {
    const reason = reasonToDrop(recording);
    // The packet that ended the command is reported right after its end, and belongs to the recording.
    queueMicrotask(() => this.contained(() => this.hand(recording, outcome, reason)));
    return reason === undefined;
  }

  private hand(recording: LiveRecording, outcome: Outcome, reason: MirrorDropReason | undefined): void {
    this.live -= 1;
    const sealed = recording.seal(outcome);
    this.recorder.end(recording);
    if (reason) this.drop(reason);
    else this.examiner.submit(sealed);
  }

  private drop(reason: MirrorDropReason): void {
    this.parts.observe({ kind: 'mirror_dropped', reason });
  }

  /** A fault of the mirror is the mirror's. */
  private contained<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch {
      this.gate.failed('threw');
      return undefined;
    }
  }
}

function reasonToDrop(recording: LiveRecording): MirrorDropReason | undefined {
  if (!recording.wasTransmitted) return 'not_transmitted';
  return recording.overheard ? 'overheard' : undefined;
}
