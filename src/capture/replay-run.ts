import type { Clock } from '../kernel/clock';
import { formatDeviceId } from '../kernel/device-id';
import { dial, type Dial } from '../link/dial';
import type { DialAddress } from '../link/dialler';
import type { Duplex } from '../link/duplex';
import { Listener } from '../link/listener';
import type { Identity } from '../link/tls-policy';
import { decodePacket } from '../protocol/codec';
import { PacketPort, type PortUser } from './packet-port';
import { ReplayPlayer, type PlayedScript, type PlayerParts } from './replay-player';
import { replayReport, type ReplayReport } from './replay-report';
import type { ReplayRole, ReplayScript } from './replay-script';

export interface ReplayParts extends Pick<PlayerParts, 'clock' | 'speed' | 'answerTimeoutMs' | 'lingerMs'> {
  readonly scripts: readonly ReplayScript[];
  readonly onProblem: (message: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const LOGIN_TIMEOUT_MS = 15_000;
const TLS_HANDSHAKE_TIMEOUT_MS = 20_000;
const BACKLOG = 1024;
/** Devices that are not in the capture may dial too; there is room for some while they are turned away. */
const SPARE_SOCKETS = 64;

/** For a port whose packets nobody wants. */
const NOBODY: PortUser = { packet: () => {}, drained: () => {}, closed: () => {} };

/** What both kinds of replay share: the players, and the account of them. */
class Players {
  readonly played: PlayedScript[] = [];
  unreachable = 0;
  unexpected = 0;
  private readonly running = new Set<PacketPort>();

  constructor(
    private readonly parts: ReplayParts,
    private readonly role: ReplayRole,
  ) {}

  /** Plays a script over a port. `first` is a packet that came before it was known which script. */
  async play(script: ReplayScript, port: PacketPort, first?: Uint8Array): Promise<void> {
    const { clock, speed, answerTimeoutMs, lingerMs } = this.parts;
    const { role } = this;
    const player = new ReplayPlayer({ script, role, port, clock, speed, answerTimeoutMs, lingerMs });
    this.running.add(port);
    port.handOver(player);
    // The login's answer goes out before anything that the script says by itself.
    if (first) player.packet(first);
    this.played.push(await player.play());
    this.running.delete(port);
  }

  closeAll(): void {
    for (const port of this.running) port.close();
  }

  report(): ReplayReport {
    const { played, unreachable, unexpected } = this;
    return replayReport({ played, unreachable, unexpected, connections: this.parts.scripts.length });
  }
}

/** Plays the devices of a capture: each connection is made anew, and says what its device said. */
export class DeviceReplay {
  private readonly players: Players;
  private readonly dials = new Set<Dial>();
  private readonly pauses = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly parts: ReplayParts,
    private readonly controller: DialAddress,
  ) {
    this.players = new Players(parts, 'devices');
  }

  async run(): Promise<ReplayReport> {
    await Promise.all(this.parts.scripts.map((script) => this.play(script)));
    return this.players.report();
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.pauses) end();
    for (const each of this.dials) each.cancel();
    this.players.closeAll();
  }

  private async play(script: ReplayScript): Promise<void> {
    const { clock, speed, onProblem } = this.parts;
    await this.pause(script.startMs / speed);
    if (this.stopped) return;
    const attempt = dial({ address: this.controller, clock, timeoutMs: CONNECT_TIMEOUT_MS });
    this.dials.add(attempt);
    const dialled = await attempt.result;
    this.dials.delete(attempt);
    if (dialled.kind === 'connected')
      return this.players.play(script, new PacketPort(dialled.duplex, NOBODY));
    this.players.unreachable += 1;
    onProblem(`${script.conn}: the controller cannot be reached: ${dialled.reason}`);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.pauses.delete(end);
        resolve();
      };
      const cancel = this.parts.clock.after(ms, end);
      this.pauses.add(end);
    });
  }
}

export interface ControllerReplayParts extends ReplayParts {
  readonly listen: { readonly host: string; readonly port: number };
  readonly identity?: Identity;
}

/** Plays the controller of a capture: a device that dials in gets what it got then. */
export class ControllerReplay {
  private readonly players: Players;
  private readonly listener: Listener;
  private readonly waiting = new Map<number, ReplayScript[]>();
  private left = 0;
  private finish: () => void = () => {};

  constructor(private readonly parts: ControllerReplayParts) {
    const { scripts, listen, identity } = parts;
    this.players = new Players(parts, 'controller');
    for (const script of scripts) this.expect(script);
    this.listener = new Listener({
      settings: {
        ...listen,
        backlog: BACKLOG,
        maxSockets: this.left + SPARE_SOCKETS,
        tlsHandshakeTimeoutMs: TLS_HANDSHAKE_TIMEOUT_MS,
      },
      ...(identity && { identity }),
      observe: () => {},
      onDuplex: (duplex) => this.accept(duplex, parts.clock),
    });
  }

  get port(): number {
    return this.listener.port;
  }

  /** Listens; what it resolves with resolves in turn when every connection of the capture has been played. */
  async start(): Promise<{ readonly report: Promise<ReplayReport> }> {
    await this.listener.listen();
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    if (this.left === 0) this.finish();
    const report = finished.then(async () => {
      this.players.closeAll();
      await this.listener.close();
      return this.players.report();
    });
    return { report };
  }

  stop(): void {
    this.finish();
  }

  /** A connection without a login cannot be told from others, so nobody is waited for. */
  private expect(script: ReplayScript): void {
    if (script.deviceId === undefined) return;
    const known = this.waiting.get(script.deviceId);
    if (known) known.push(script);
    else this.waiting.set(script.deviceId, [script]);
    this.left += 1;
  }

  private accept(duplex: Duplex, clock: Clock): void {
    const cancel = clock.after(LOGIN_TIMEOUT_MS, () => port.close());
    const port: PacketPort = new PacketPort(duplex, {
      packet: (bytes) => {
        cancel();
        this.identify(port, bytes);
      },
      drained: () => {},
      closed: cancel,
    });
  }

  private identify(port: PacketPort, bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    const deviceId = packet.kind === 'handshake' ? packet.deviceId : undefined;
    const script = deviceId === undefined ? undefined : this.waiting.get(deviceId)?.shift();
    if (script) {
      void this.play(script, port, new Uint8Array(bytes));
      return;
    }
    this.players.unexpected += 1;
    const who = deviceId === undefined ? 'somebody who does not log in' : formatDeviceId(deviceId);
    this.parts.onProblem(`${who} dialled in, and the capture has no connection of it left`);
    port.handOver(NOBODY);
    port.close();
  }

  private async play(script: ReplayScript, port: PacketPort, login: Uint8Array): Promise<void> {
    await this.players.play(script, port, login);
    this.left -= 1;
    if (this.left === 0) this.finish();
  }
}
