import type { AlertFact } from './alert-facts';
import type { PolicySwitchReason, QueuePolicy } from './bounded-queue-policy';
import type { MirrorFact } from './mirror-facts';
import type { ReplicaFact } from './replica-facts';
import type { SloFact } from './slo-facts';
import type { GuardFact } from './guard-facts';
import type { StoreFact } from './store-facts';
import type { Outcome, TransportName } from './words';

/** Why a connection ended. Closed, because it is a label value. */
export const LINK_END_REASONS = [
  'peer_closed',
  'socket_error',
  'silent',
  'superseded',
  'credential_mismatch',
  'credential_store_full',
  'flapping',
  'identity_changed',
  'handshake_timeout',
  'partial_packet',
  'send_buffer_full',
  'tls_on_plain_port',
  'too_many_connections',
  'forgotten',
  'shutdown',
] as const;
export type LinkEndReason = (typeof LINK_END_REASONS)[number];

/** `double`: a command had its answer already. `late`: the command has ended. `orphaned`: nobody asked. */
export const ANSWER_FATES = ['matched', 'double', 'late', 'orphaned'] as const;
export type AnswerFate = (typeof ANSWER_FATES)[number];

/** A packet crossed a link. `transport` is the one that serves the device at that moment. */
export interface PacketFact {
  readonly kind: 'packet';
  readonly direction: 'sent' | 'received';
  readonly transport: TransportName;
  /** Empty before the handshake. */
  readonly deviceId: string;
  readonly type: number;
  readonly messageId: number | undefined;
  readonly raw: Uint8Array;
  /** For an answer to a command: milliseconds since the transmission it answers. */
  readonly elapsedMs: number | undefined;
}

/** A command ended; its Receipt is on the way to the caller. */
export interface CommandSettledFact {
  readonly kind: 'command_settled';
  readonly commandId: string;
  readonly deviceId: string;
  readonly transport: TransportName;
  /** A query changes nothing at the device and is no evidence for or against a transport. */
  readonly purpose: 'command' | 'query';
  readonly outcome: Outcome;
  readonly attempts: number;
  /** From leaving the lane to the end; 0 when the command never left it. */
  readonly latencyMs: number;
  /** From entering the lane to leaving it. */
  readonly waitedMs: number;
  readonly generation: number;
}

/** What the queue of a device has to say of itself. */
export type QueueReport =
  /** A command was given up for a newer one. */
  | { readonly kind: 'queue_dropped'; readonly reason: 'overflow'; readonly commandId: string }
  /** Too often full: once per degradation. */
  | { readonly kind: 'queue_degraded'; readonly policy: QueuePolicy; readonly waiting: number }
  | {
      readonly kind: 'queue_policy_switched';
      readonly to: QueuePolicy;
      readonly reason: PolicySwitchReason;
    };

/** `transport` is the one that serves the device at that moment. */
export type QueueFact = QueueReport & { readonly deviceId: string; readonly transport: TransportName };

/**
 * Something that happened, as data. The core reports outward in no other way; telemetry turns facts into metrics
 * and log lines.
 */
export type Fact =
  | PacketFact
  | CommandSettledFact
  | GuardFact
  | ReplicaFact
  | SloFact
  | MirrorFact
  | AlertFact
  | { readonly kind: 'link_opened'; readonly remote: string; readonly encrypted: boolean }
  | {
      readonly kind: 'link_ready';
      readonly deviceId: string;
      readonly remote: string;
      readonly connection: number;
    }
  | {
      readonly kind: 'link_ended';
      readonly deviceId: string;
      readonly remote: string;
      readonly reason: LinkEndReason;
    }
  /** Sent away before it said anything: too many sockets, or too many in a short time. */
  | { readonly kind: 'connection_refused'; readonly reason: 'limit' | 'rate' }
  | { readonly kind: 'handshake'; readonly deviceId: string; readonly outcome: 'success' | 'refused' }
  /** It sends more packets than it may; nothing is read from it for so long. */
  | { readonly kind: 'device_slowed'; readonly deviceId: string; readonly pauseMs: number }
  | { readonly kind: 'announce_unanswered'; readonly deviceId: string }
  | { readonly kind: 'tls_handshake_failed'; readonly remote: string; readonly code: string }
  | {
      readonly kind: 'bytes_discarded';
      readonly deviceId: string;
      readonly reason: 'out_of_step' | 'oversize' | 'tls';
      readonly count: number;
    }
  | {
      readonly kind: 'decode_failed';
      readonly transport: TransportName;
      readonly deviceId: string;
      readonly type: number;
      /** Whether the packet's body or the frame inside it does not parse. */
      readonly part: 'packet' | 'frame';
      readonly reason: string;
    }
  | { readonly kind: 'checksum_mismatch'; readonly transport: TransportName; readonly deviceId: string }
  | {
      readonly kind: 'answer';
      readonly transport: TransportName;
      readonly answer: 'receipt' | 'reply';
      readonly outcome: AnswerFate;
    }
  | { readonly kind: 'transmission'; readonly transport: TransportName; readonly repeated: boolean }
  | { readonly kind: 'transmission_unanswered'; readonly transport: TransportName; readonly count: number }
  /** A repeat was due, and the budget over all devices did not allow it. */
  | { readonly kind: 'repeat_denied'; readonly transport: TransportName }
  /** Repeats that turned out needless: the first transmission was answered after all. */
  | { readonly kind: 'early_repeat'; readonly transport: TransportName; readonly count: number }
  | {
      readonly kind: 'answer_timeout';
      readonly transport: TransportName;
      readonly awaited: 'receipt' | 'reply';
    }
  | { readonly kind: 'drain_timeout'; readonly transport: TransportName; readonly deviceId: string }
  /** A packet came a second time: it is acknowledged again and not delivered again. */
  | {
      readonly kind: 'duplicate_dropped';
      readonly transport: TransportName;
      readonly deviceId: string;
      readonly type: number;
    }
  | { readonly kind: 'message_ids_wrapped' }
  | QueueFact
  | {
      readonly kind: 'routed';
      readonly commandId: string;
      readonly purpose: CommandSettledFact['purpose'];
      readonly deviceId: string;
      readonly transport: TransportName;
      readonly reason: string;
    }
  | {
      readonly kind: 'plan_changed';
      readonly percentage: number;
      readonly revision: number;
      readonly generation: number;
      readonly setBy: string;
      readonly reason: string;
      readonly cause: string;
    }
  | StoreFact
  | {
      readonly kind: 'credential_forgotten';
      readonly deviceId: string;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly kind: 'credentials_unsaved'; readonly message: string }
  | {
      readonly kind: 'started';
      readonly http: number;
      readonly metrics: number;
      readonly devicesPlain: number | undefined;
      readonly devicesTls: number | undefined;
      readonly access: string;
    }
  | { readonly kind: 'draining'; readonly inFlight: number; readonly waiting: number }
  | { readonly kind: 'tokens_reloaded'; readonly count: number }
  | { readonly kind: 'tokens_refused'; readonly message: string }
  | {
      readonly kind: 'request_refused';
      readonly status: number;
      readonly code: string;
      readonly method: string;
      readonly path: string;
    }
  | {
      readonly kind: 'request_failed';
      readonly method: string;
      readonly path: string;
      readonly error: unknown;
    };

/** Where the core reports. It must not throw and must not wait. */
export type Observe = (fact: Fact) => void;
