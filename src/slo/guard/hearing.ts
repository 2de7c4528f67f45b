import type { Clock } from '../../kernel/clock';
import type { DeviceId } from '../../kernel/device-id';
import type { CommandSettledFact, Fact, PacketFact } from '../../kernel/facts';
import type { TransportName } from '../../kernel/words';
import { Decisions } from './decisions';
import type { GuardSettings } from './guard-settings';
import { InFlight, type Sent } from './in-flight';
import { verdictOn } from './outcome-verdict';
import { PULSE_SETTINGS, Pulses } from './pulses';
import type { ConfirmedRun } from './run-rule';

export interface HearingParts {
  readonly clock: Clock;
  readonly settings: GuardSettings;
  /** The path that serves a device now. */
  readonly pathOf: (deviceId: DeviceId) => TransportName;
  /** New has failed as a whole. */
  readonly onRun: (run: ConfirmedRun) => void;
}

const HEARTBEAT = 0xd3;

/** What is heard of commands and devices, and what is missed: decides each command once, good or bad. */
export class Hearing {
  readonly decisions: Decisions;
  readonly inFlight: InFlight;
  readonly pulses: Pulses;

  constructor(private readonly parts: HearingParts) {
    const { asideLeast, asidePercent, maxDevices, maxInFlight } = parts.settings;
    this.decisions = new Decisions({ records: maxDevices, asideLeast, asideShare: asidePercent / 100 });
    this.inFlight = new InFlight(maxInFlight);
    this.pulses = new Pulses({ ...PULSE_SETTINGS, devices: maxDevices });
  }

  onRouted({ commandId, purpose, deviceId, transport: path }: Extract<Fact, { kind: 'routed' }>): void {
    // A query changes nothing and is no evidence.
    if (purpose === 'command')
      this.inFlight.left(commandId, { deviceId, path, leftAt: this.parts.clock.now() });
  }

  onSettled(fact: CommandSettledFact): void {
    const sent = this.inFlight.settled(fact.commandId);
    const bad = verdictOn(fact, this.parts.settings.latencyThresholdMs);
    if (sent && bad !== undefined) this.decide(sent, bad);
  }

  onPacket({ direction, deviceId, type, transport: path }: PacketFact): void {
    if (direction === 'received' && deviceId !== '')
      this.pulses.heard(deviceId, { path, report: type === HEARTBEAT }, this.parts.clock.now());
  }

  /** Decides as bad what is unanswered for longer than it may be; if its answer lies unread, that is late as well. */
  decideOverdue(): void {
    const latest = this.parts.clock.now() - this.parts.settings.latencyThresholdMs;
    for (const sent of this.inFlight.overdue(latest)) this.decide(sent, true);
  }

  missSilentDevices(): void {
    const { clock, pathOf } = this.parts;
    const now = clock.now();
    for (const { deviceId, path } of this.pulses.fallenSilent(now)) {
      // One that was moved since it was last heard tells of neither path.
      if (pathOf(deviceId) === path) this.decisions.fellSilent(deviceId, path, now);
    }
  }

  /** Devices change paths: what is on its way to them, and this second, tell of neither. */
  devicesMoved(): void {
    this.inFlight.dropMoved(this.parts.pathOf);
    this.decisions.forgetSecond();
  }

  /** What is known of devices is kept. */
  beginGeneration(): void {
    this.inFlight.clear();
    this.decisions.forgetSecond();
  }

  private decide({ deviceId, path }: Sent, bad: boolean): void {
    const run = this.decisions.decided({ deviceId, path, bad }, this.parts.clock.now());
    if (!run) return;
    this.decisions.run.reset();
    this.parts.onRun(run);
  }
}
