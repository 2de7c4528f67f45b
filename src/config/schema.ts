import { z } from 'zod';
import { QUEUE_POLICIES } from '../kernel/bounded-queue-policy';
import { mirror } from './mirror-settings';
import { alerting } from './alerting-settings';
import { guard } from './guard-settings';
import { control } from './control-settings';
import { notify } from './notify-settings';
import { prometheus, slo } from './slo-settings';
import { replicas } from './replica-settings';
import { rolloutSettings } from './rollout-settings';
import { store } from './store-settings';
import { count, milliseconds } from './numbers';

const MINUTE = 60_000;

const port = z.number().int().min(0).max(65_535).describe('TCP port; 0 lets the system choose');
const address = z.union([z.ipv4(), z.ipv6(), z.literal('localhost')], 'an IP address, or localhost');
const path = z.string().min(1);

const zone = z.string().refine((name) => {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'an IANA time zone such as Europe/Berlin');

const http = z.strictObject({
  bind: address.default('127.0.0.1').describe('Address of the HTTP API; anything but loopback needs tokens'),
  port: port.default(8080),
  bodyLimitBytes: count(65_536, 1024).describe('A larger request body is answered 413'),
  requestTimeoutMs: milliseconds(70_000).describe('A request that takes longer is ended'),
  idempotencyTtlMs: milliseconds(10 * MINUTE).describe('How long an Idempotency-Key is remembered'),
  idempotencyLimit: count(10_000).describe('How many of them are remembered; the oldest go first'),
  consoleDir: path
    .optional()
    .describe('Folder of the built web console; without one, that which was built with the program'),
});

const metrics = z.strictObject({
  bind: address.default('127.0.0.1').describe('Address of GET /metrics'),
  port: port.default(9400),
});

const devices = z.strictObject({
  bind: address.default('127.0.0.1').describe('Address that devices dial'),
  tlsPort: port.nullable().default(23_779).describe('Port for devices over TLS 1.2; null closes it'),
  plainPort: port
    .nullable()
    .default(null)
    .describe('Port for devices over plain TCP, for labs; null closes it'),
  certFile: path
    .optional()
    .describe('PEM certificate (RSA); without one a self-signed one is made in the state directory'),
  keyFile: path.optional().describe('PEM key of certFile'),
  timeZone: zone
    .optional()
    .describe('Zone of the clock that devices are given; default is that of the machine'),
  backlog: count(4096, 1, 65_535).describe('Connections that the kernel holds before they are accepted'),
  acceptPerSecond: count(1_000).describe(
    'Connections taken in a second on each port; the rest are sent away and dial again',
  ),
  maxPacketsPerSecond: count(1_000, 10).describe(
    'A device that sends more is read more slowly; captured ones sent 50 in their busiest second',
  ),
  maxConnectsPerMinute: count(30).describe(
    'A device that connects more often is sent away until the minute is over',
  ),
  maxConnections: count(20_000).describe('Connections in all'),
  maxUnidentified: count(5_000).describe('Connections that have not said who they are'),
  maxDevices: count(100_000).describe('Devices and credentials remembered'),
  handshakeTimeoutMs: milliseconds(10_000).describe('Until the 0x23'),
  tlsHandshakeTimeoutMs: milliseconds(20_000).describe('Until TLS is agreed'),
  announceTimeoutMs: milliseconds(2_000).describe('Until the 0xAB; then the announce is repeated'),
  announceAttempts: count(3).describe('Announces before a device counts as ready without its 0xAB'),
  silenceMs: milliseconds(63_000).describe('A device silent for this long is dead: three heartbeats of 21 s'),
  partialPacketMs: milliseconds(10_000).describe('Until the rest of a packet'),
  sendBufferLimitBytes: count(262_144, 4096).describe('Bytes that may wait for a device that does not read'),
  bodyLimitBytes: count(4096, 1024, 1_048_576).describe('Longest packet body accepted'),
  duplicateLimit: count(1_000).describe('Packets of a connection by which a repeat is known'),
  duplicateTtlMs: milliseconds(300_000).describe('How long a packet is known for a repeat'),
  sweepMs: milliseconds(1_000).describe('How often connections are looked at for silence'),
});

const lane = z.strictObject({
  capacity: count(100, 1, 100_000).describe('Commands that may wait for one device'),
  capacityBytes: count(65_536, 1024).describe('Bytes that the frames of those commands may have together'),
  policy: z
    .enum(QUEUE_POLICIES)
    .default('reject')
    .describe(
      'What one more does: it ends as queue_full at once, it waits for room, or the oldest that waits ends as queue_full',
    ),
  blockedLimit: count(100, 1, 100_000).describe('Policy block: callers of one device that may wait for room'),
  putTimeoutMs: milliseconds(10_000).describe('Policy block: how long one may wait for room'),
  degradedAbove: count(10).describe(
    'A lane found full more often than this before it was below half again is degraded',
  ),
  switchAfter: count(10).describe(
    'Policy block: so many waits for room in a row that ended without any make it drop the oldest',
  ),
  calmMs: milliseconds(60_000).describe(
    'How long that lasts at least, and a degradation; it ends when the lane is below half',
  ),
  window: count(1, 1, 1024).describe(
    'Commands of one device on the wire at once on the new transport; above 1 their order is not kept',
  ),
  handoverMs: milliseconds(1_000).describe(
    'How long a command in flight on the new transport may wait for its answer after a rollback',
  ),
});

const timer = (floorMs: number, firstMs: number, capMs: number) =>
  z
    .strictObject({
      floorMs: milliseconds(floorMs).describe('Never shorter'),
      firstMs: milliseconds(firstMs).describe('Before anything was measured'),
      capMs: milliseconds(capMs).describe('Never longer'),
    })
    .prefault({});

const newTransport = z.strictObject({
  profile: z
    .enum(['measured', 'spec'])
    .default('measured')
    .describe('measured: the timers below. spec: the fixed 127.5 ms of the specification, for comparison'),
  budget: z
    .strictObject({
      capacity: count(100).describe('Repeats that may be spent at once, over all devices'),
      perTransmission: z
        .number()
        .min(0)
        .max(10)
        .default(0.3)
        .describe('Repeats that each first transmission adds'),
    })
    .prefault({}),
  retries: count(3, 0, 20).describe('How often a command is transmitted again'),
  retryBaseMs: milliseconds(250, 0).describe('Pause added to the first wait; doubles with each retry'),
  retryCapMs: milliseconds(5_000, 0).describe('Longest pause'),
  retryJitterMs: milliseconds(100, 0).describe('Random share added to a pause'),
  receiptTimer: timer(600, 1_000, 5_000).describe(
    'Wait for the 0x7B: smoothed round trip + 4 × variation; the floor is chosen in docs/timers.md',
  ),
  replyTimer: timer(1_500, 2_500, 10_000).describe('Wait for the F9 after the 0x7B, likewise'),
});

const legacyTransport = z.strictObject({
  drainTimeoutMs: milliseconds(2_000).describe('How long a device may take to accept a write'),
});

const shutdown = z.strictObject({
  drainMs: milliseconds(10_000, 0).describe(
    'How long commands in flight may take to end when the process is stopped',
  ),
  releaseMs: milliseconds(5_000, 0).describe(
    'Over how long devices are let go, where other replicas can take them',
  ),
  deadlineMs: milliseconds(25_000, 100).describe(
    'A stop that takes longer is cut short; below what the surroundings wait before they kill',
  ),
});

/** Every setting of the program: its unit, its range, its default. Unknown keys are faults. */
export const configSchema = z.strictObject({
  replica: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'up to 64 printable characters without blanks')
    .optional()
    .describe(
      'Name of this process among those that share a rollout; default is made of host, pid and chance',
    ),
  stateDir: path.default('state').describe('Folder for the plan, credentials and the certificate'),
  logLevel: z
    .enum(['error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Lines below this level are not written'),
  tokensFile: path.optional().describe('YAML file of bearer tokens; re-read when it changes'),
  http: http.prefault({}).describe('The API for applications and operators'),
  metrics: metrics.prefault({}).describe('Where Prometheus scrapes. There is no protection on this port'),
  devices: devices.prefault({}).describe('The ports that devices dial, and what one device may take'),
  lane: lane.prefault({}).describe('The queue of commands that each device has'),
  newTransport: newTransport.prefault({}).describe('How the new transport repeats a command'),
  legacyTransport: legacyTransport.prefault({}).describe('How the legacy transport delivers'),
  rollout: rolloutSettings
    .prefault({})
    .describe('What the rollout starts from, and what one change of it may be (docs/rollout.md)'),
  store: store
    .prefault({})
    .describe(
      'Where the rollout is kept: in a file of the state directory, or in a Redis that replicas share (docs/store.md). waitMs is below commandTimeoutMs',
    ),
  shutdown: shutdown.prefault({}).describe('How the process stops (docs/replicas.md)'),
  mirror: mirror
    .prefault({})
    .describe(
      'How much of the process the dark launch may use; whether and whom it shadows is the plan’s (docs/mirror.md)',
    ),
  alerting: alerting
    .prefault({})
    .describe('How Alertmanager reaches this process, and how this process looks after it'),
  guard: guard
    .prefault({})
    .describe(
      'The detector that needs no Prometheus: what it looks for, and how rarely it may be wrong (docs/guard.md)',
    ),
  control: control.prefault({}).describe('What the rollout’s part of the API allows its callers'),
  replicas: replicas
    .prefault({})
    .describe(
      'How replicas of one rollout share the work and watch each other (docs/replicas.md). leaseRenewMs fits twice into leaseTtlMs less leaseMarginMs, and announceMs twice into announceTtlMs',
    ),
  notify: notify
    .prefault({})
    .describe(
      'Who is told of changes of the rollout (docs/notifications.md). A receiver has either url or urlFile',
    ),
  slo: slo.prefault({}).describe('How the transports are judged (docs/slos.md)'),
  prometheus: prometheus.prefault({}).describe('Where and how Prometheus is asked'),
});

export type Config = z.infer<typeof configSchema>;
