import type { Writable } from 'node:stream';
import type { Clock } from '../kernel/clock';
import { ControlServer } from '../kernel/control-server';
import { messageOf } from '../kernel/errors';
import type { Random } from '../kernel/random';
import { dial } from '../link/dial';
import type { DialAddress } from '../link/dialler';
import { Listener } from '../link/listener';
import type { Identity } from '../link/tls-policy';
import { captureAnswer } from './capture-control';
import { CaptureDecoder } from './capture-decoder';
import type { CaptureFormat } from './capture-format';
import { SummaryTally, type DecodeSummary } from './decode-summary';
import { Interceptor, type InterceptorFigures, type InterceptorSettings } from './interceptor';
import { LineSink } from './line-sink';
import { guarded, type ReadObserver } from './live-read';
import { Recorder } from './recorder';

export interface CaptureRunParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly listen: { readonly host: string; readonly port: number };
  /** Absent: devices dial in over plain TCP. */
  readonly identity?: Identity;
  readonly upstream: DialAddress;
  readonly control: { readonly port: number; readonly token: string };
  readonly settings: InterceptorSettings;
  /** Where the capture goes, what to call it, and how it is written. */
  readonly output: {
    readonly stream: Writable;
    readonly name: string;
    readonly format: CaptureFormat;
    readonly withSecrets: boolean;
  };
  readonly onProblem: (message: string) => void;
}

/** What a run has seen, in figures. */
export interface CaptureSummary {
  readonly figures: InterceptorFigures;
  readonly records: number;
  readonly lostRecords: number;
  readonly observerFaults: number;
  /** Connections that never agreed on TLS. */
  readonly tlsFailures: number;
  readonly codec: DecodeSummary;
}

const BACKLOG = 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const TLS_HANDSHAKE_TIMEOUT_MS = 20_000;

/** One run of `pointsman capture`: the port for devices, the way upstream, the file, and the loopback API. */
export class CaptureRun {
  private readonly listener: Listener;
  private readonly control: ControlServer;
  private readonly interceptor: Interceptor;
  private readonly recorder: Recorder;
  private readonly sink: LineSink;
  private readonly tally = new SummaryTally();
  private readonly decoder: CaptureDecoder;
  private observerFaults = 0;
  private tlsFailures = 0;

  constructor(private readonly parts: CaptureRunParts) {
    const { output, clock, settings } = parts;
    this.sink = this.newSink();
    const run = `${output.name} ${new Date(clock.wallNow()).toISOString()}`;
    this.recorder = new Recorder({ ...output, sink: this.sink, run });
    this.decoder = new CaptureDecoder((event) => this.tally.add(event), 2 * settings.maxConnections);
    this.interceptor = this.newInterceptor();
    this.listener = this.newListener();
    this.control = this.newControl();
  }

  get ports(): { readonly devices: number; readonly control: number } {
    return { devices: this.listener.port, control: this.control.port };
  }

  async start(): Promise<void> {
    await this.control.start();
    try {
      await this.listener.listen();
    } catch (error) {
      await this.control.close();
      throw error;
    }
  }

  /** Ends all connections, writes what is left, and tells what was seen. */
  async stop(): Promise<CaptureSummary> {
    const closed = this.listener.close();
    await Promise.all([this.interceptor.stop(), closed, this.control.close()]);
    await this.sink.flush();
    this.decoder.finish();
    return this.summary();
  }

  summary(): CaptureSummary {
    return {
      figures: this.interceptor.status(),
      records: this.recorder.records,
      lostRecords: this.sink.lost,
      observerFaults: this.observerFaults,
      tlsFailures: this.tlsFailures,
      codec: this.tally.summary(),
    };
  }

  private newSink(): LineSink {
    const { output, onProblem } = this.parts;
    return new LineSink(output.stream, {
      full: () => this.interceptor.holdForFile(true),
      drained: () => this.interceptor.holdForFile(false),
      failed: (why) => onProblem(`${output.name} cannot be written: ${why}. Traffic goes on, uncaptured`),
    });
  }

  private newInterceptor(): Interceptor {
    const { clock, upstream: address, settings, onProblem } = this.parts;
    const observer = guarded([this.recorder, this.validator()], (error) => this.onObserverFault(error));
    return new Interceptor({
      clock,
      settings,
      observer,
      onProblem,
      dialUpstream: () => dial({ address, clock, timeoutMs: CONNECT_TIMEOUT_MS }),
    });
  }

  /** Decodes all that is forwarded. Injected bytes are somebody's own, so that they say nothing about the codec. */
  private validator(): ReadObserver {
    return {
      read: ({ at, dir, conn, bytes, injected }) => {
        if (!injected) this.decoder.read({ ts: String(at), dir, conn, bytes });
      },
    };
  }

  private newListener(): Listener {
    const { listen, identity, settings } = this.parts;
    return new Listener({
      settings: {
        ...listen,
        backlog: BACKLOG,
        maxSockets: 2 * settings.maxConnections,
        tlsHandshakeTimeoutMs: TLS_HANDSHAKE_TIMEOUT_MS,
      },
      ...(identity && { identity }),
      observe: (fact) => {
        if (fact.kind === 'tls_handshake_failed') this.tlsFailures += 1;
      },
      onDuplex: (duplex) => void this.interceptor.accept(duplex),
    });
  }

  private newControl(): ControlServer {
    const { clock, random, control, output, settings } = this.parts;
    const { interceptor, recorder } = this;
    const facts = { captureFile: output.name, mode: settings.mode };
    const about = { interceptor, recorder, clock, random, ...facts };
    return new ControlServer({ ...control, answer: (request) => captureAnswer(about, request) });
  }

  private onObserverFault(error: unknown): void {
    this.observerFaults += 1;
    if (this.observerFaults === 1) this.parts.onProblem(`an observer failed: ${messageOf(error)}`);
  }
}
