import { LRUCache } from 'lru-cache';
import { parseDeviceId } from '../../kernel/device-id';
import type { Random } from '../../kernel/random';
import { RetryBudget } from '../../kernel/retry-budget';
import type { Outcome } from '../../kernel/words';
import { encodePacket } from '../../protocol/codec';
import { plainFrame } from '../delivery/numbered-frame';
import { Pace } from '../delivery/pace';
import type { ReliableSettings } from '../delivery/settings';
import type { Recording, Shadow, ShadowReport } from '../shadowing';
import { asksTheSame, equalBytes, readCommand, type WrittenCommand } from './frame-check';
import { layOut } from './legacy-layout';
import { rehearse, type Cue } from './rehearsal';
import { ShadowNumbers } from './shadow-numbers';
import { cuesOf } from './translation';

export interface DeliveryShadowParts {
  readonly settings: ReliableSettings;
  /** Its own: what the shadow draws must not change what anything real draws. */
  readonly random: Random;
  /** Connections whose pace is remembered; one beyond it is learned anew. */
  readonly rememberedPaces: number;
}

/** The new transport's delivery machine on what legacy really delivered: its own numbers, pace and budget, and no writer. */
export class DeliveryShadow implements Shadow {
  private readonly paces: LRUCache<number, Pace>;
  private readonly budget: RetryBudget;
  private readonly numbers = new ShadowNumbers();

  constructor(private readonly parts: DeliveryShadowParts) {
    this.paces = new LRUCache({ max: parts.rememberedPaces });
    this.budget = new RetryBudget(parts.settings.budget);
  }

  examine(recording: Recording): ShadowReport {
    const written = recording.written[0]?.bytes ?? new Uint8Array();
    const legacy = readCommand(written);
    const cues = cuesOf(recording, legacy);
    const { startedAt, deadlineAt, outcome } = recording;
    const rehearsed = rehearse(
      { startedAt, deadlineAt, cues },
      {
        pace: this.paceOf(recording.connection),
        budget: this.budget,
        random: this.parts.random,
        retry: this.parts.settings.retry,
      },
    );
    const agrees = this.frameAgrees(recording, written);
    return {
      outcome: rehearsed.outcome,
      latencyMs: rehearsed.latencyMs,
      retransmissions: rehearsed.transmissions - 1,
      timeouts: rehearsed.timeouts,
      denied: rehearsed.denied,
      agrees: {
        outcome: asLegacySays(rehearsed.outcome) === outcome,
        frame: agrees.frame,
        layout: agrees.layout,
      },
      baseline: {
        outcome: legacysOwn(cues, deadlineAt) === outcome,
        frame: recording.written.length === 1 && isAsLaidOut(recording, legacy),
      },
    };
  }

  private frameAgrees({ action, node, deviceId }: Recording, written: Uint8Array) {
    const messageId = this.numbers.nextMessageId();
    const inner = plainFrame(action, node, () => this.numbers.nextSequence());
    const numbers = { deviceId: parseDeviceId(deviceId), messageId, sequence: inner.sequence, node };
    const frame = encodePacket({ kind: 'data', deviceId: numbers.deviceId, messageId, flag: 0, inner });
    return { frame: asksTheSame(frame, written), layout: equalBytes(frame, layOut(action, numbers)) };
  }

  private paceOf(connection: number): Pace {
    const known = this.paces.get(connection);
    if (known) return known;
    const fresh = new Pace(this.parts.settings);
    this.paces.set(connection, fresh);
    return fresh;
  }
}

/** Legacy has no notion of a receipt: what the new transport calls accepted, its observer calls a time-out. */
function asLegacySays(outcome: Outcome): Outcome {
  return outcome === 'accepted' ? 'timeout' : outcome;
}

/** Legacy's end once more, from the recording alone and without the delivery machine. */
function legacysOwn(cues: readonly Cue[], deadlineAt: number): Outcome {
  const decisive = cues.find(({ kind, at }) => kind !== 'receipt' && at < deadlineAt);
  if (decisive?.kind === 'reply') return decisive.status === 0 ? 'applied' : 'rejected';
  return decisive ? 'connection_lost' : 'timeout';
}

/** With the numbers that legacy has taken, but for the message id, of which it has only one. */
function isAsLaidOut(
  { action, node, deviceId, written }: Recording,
  legacy: WrittenCommand | undefined,
): boolean {
  const bytes = written[0]?.bytes;
  if (!legacy || !bytes) return false;
  const numbers = { deviceId: parseDeviceId(deviceId), messageId: 0, sequence: legacy.sequence, node };
  return equalBytes(bytes, layOut(action, numbers));
}
