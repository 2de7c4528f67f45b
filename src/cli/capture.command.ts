import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import { CAPTURE_FORMATS, type CaptureFormat } from '../capture/capture-format';
import { CaptureRun, type CaptureRunParts, type CaptureSummary } from '../capture/capture-run';
import { deviceSideIdentity } from '../capture/device-side-identity';
import { BACKPRESSURE_MODES, type BackpressureMode } from '../capture/pressure';
import { systemClock } from '../kernel/clock';
import { newControlToken } from '../kernel/control-server';
import { AppError, messageOf } from '../kernel/errors';
import { systemRandom } from '../kernel/random';
import { toldToStop } from '../kernel/signals';
import type { CliIo } from './io';
import { PORT_RANGE, seconds, whole } from './options';

interface CaptureOptions {
  readonly listenHost: string;
  readonly listenPort: number;
  readonly tls: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly upstreamHost: string;
  readonly upstreamPort: number;
  readonly upstreamPlain?: boolean;
  readonly apiPort: number;
  readonly file: string;
  readonly format: CaptureFormat;
  readonly withSecrets?: boolean;
  readonly maxConnections: number;
  readonly backpressureMode: BackpressureMode;
  readonly slowConsumerDelay: number;
  readonly bufferFillPacketLimit: number;
  readonly ackDelay: number;
}

const HELP = `
Devices dial here instead of their controller; every byte goes on to the controller and back, unchanged. Each read
becomes one record: a JSON line that \`decode\` and \`replay\` read, or the programme's text. Login secrets are
masked in it. A loopback API, opened with the token that is printed, takes POST /inject
{"hex","direction":"CLOUD→DEV"|"DEV→CLOUD","broadcast","conn"}, POST /annotate {"label"}, GET /status and GET /metrics.
Ctrl-C ends it and prints what was seen.

Examples:
  pointsman capture --upstream-host 10.0.0.5 --listen-host 0.0.0.0 --file kitchen.jsonl
  pointsman capture --no-tls --listen-port 24000 --upstream-host 127.0.0.1 --upstream-port 23778 --upstream-plain
`;

const MS_PER_SECOND = 1000;
const OWNER_ONLY = 0o600;
const DEVICE_TLS_PORT = 23_779;

/** `pointsman capture`: a man in the middle between devices and their controller. */
export function captureCommand(io: CliIo): Command {
  const command = new Command('capture')
    .description('stand between devices and their controller, and write down what they say')
    .option('--listen-host <address>', 'where devices dial in', '127.0.0.1')
    .addOption(whole('--listen-port <port>', 'the port they dial', PORT_RANGE).default(DEVICE_TLS_PORT))
    .option('--no-tls', 'devices dial in over plain TCP')
    .option('--cert <file>', 'certificate shown to devices (default: one made for this run)')
    .option('--key <file>', 'its private key')
    .requiredOption('--upstream-host <address>', 'the controller')
    .addOption(
      whole('--upstream-port <port>', 'the port of the controller', [1, 65_535]).default(DEVICE_TLS_PORT),
    )
    .option('--upstream-plain', 'the controller is reached over plain TCP')
    .addOption(whole('--api-port <port>', 'the loopback API', PORT_RANGE).default(8080))
    .option('--file <path>', 'where to write, a file that is not there yet; - is standard output', '-')
    .addOption(new Option('--format <name>', 'how to write').choices(CAPTURE_FORMATS).default('jsonl'))
    .option('--with-secrets', 'keep login secrets in the capture: whoever has the file can be those devices')
    .addOption(whole('--max-connections <count>', 'devices at once', [1, 20_000]).default(1000));
  return withPressure(command)
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((options: CaptureOptions) => capture(options, io));
}

function withPressure(command: Command): Command {
  const modes = new Option('--backpressure-mode <mode>', 'make life hard for devices');
  return command
    .addOption(modes.choices(BACKPRESSURE_MODES).default('normal'))
    .addOption(seconds('--slow-consumer-delay <s>', 'pause after each read of a device').default(1))
    .addOption(
      whole('--buffer-fill-packet-limit <n>', 'reads until a device is read no more', [1, 1e6]).default(10),
    )
    .addOption(seconds('--ack-delay <s>', 'how long an acknowledgement is held back').default(2));
}

async function capture(options: CaptureOptions, io: CliIo): Promise<void> {
  const toFile = options.file !== '-';
  const say = (text: string): void => (toFile ? io.out(text) : io.err(text));
  const identity = options.tls ? await deviceSideIdentity(options, systemClock.wallNow()) : undefined;
  const stream = toFile ? await openFile(options.file) : process.stdout;
  const token = newControlToken();
  const run = new CaptureRun({
    ...partsOf(options),
    ...(identity && { identity }),
    control: { port: options.apiPort, token },
    output: outputOf(options, stream),
    onProblem: (message) => io.err(`${message}\n`),
  });
  await run.start();
  say(welcome(options, run, token));
  await toldToStop();
  const summary = await run.stop();
  if (toFile) await new Promise<void>((resolve) => stream.end(resolve));
  say(summaryText(summary));
  if (summary.lostRecords > 0) throw incomplete(options.file, summary.lostRecords);
}

function partsOf(options: CaptureOptions) {
  return {
    clock: systemClock,
    random: systemRandom,
    listen: { host: options.listenHost, port: options.listenPort },
    upstream: {
      host: options.upstreamHost,
      port: options.upstreamPort,
      tls: options.upstreamPlain !== true,
    },
    settings: {
      mode: options.backpressureMode,
      slowConsumerDelayMs: options.slowConsumerDelay * MS_PER_SECOND,
      bufferFillReads: options.bufferFillPacketLimit,
      ackDelayMs: options.ackDelay * MS_PER_SECOND,
      maxConnections: options.maxConnections,
    },
  } satisfies Partial<CaptureRunParts>;
}

function outputOf({ file, format, withSecrets = false }: CaptureOptions, stream: Writable) {
  return { stream, name: file === '-' ? 'standard output' : basename(file), format, withSecrets };
}

/** Never over a capture that is there: nobody can make that one again. */
async function openFile(path: string): Promise<Writable> {
  const stream = createWriteStream(path, { flags: 'wx', mode: OWNER_ONLY });
  try {
    await once(stream, 'open');
    return stream;
  } catch (error) {
    throw new AppError('input.invalid', `cannot write the capture: ${messageOf(error)}`, {}, error);
  }
}

function incomplete(file: string, lost: number): AppError {
  return new AppError('store.unavailable', `${lost} records are missing in ${file}: it could not be written`);
}

function welcome(options: CaptureOptions, { ports }: CaptureRun, token: string): string {
  const { listenHost, upstreamHost, upstreamPort, upstreamPlain, tls, withSecrets, file } = options;
  const lines = [
    `devices dial ${listenHost}:${ports.devices} (${tls ? 'TLS' : 'plain'}), and reach ` +
      `${upstreamHost}:${upstreamPort} (${upstreamPlain ? 'plain' : 'TLS'})`,
    `capture: ${file === '-' ? 'standard output' : file}`,
    `api: http://127.0.0.1:${ports.control}`,
    `token: ${token}`,
  ];
  if (withSecrets)
    lines.push('WARNING: login secrets stay in this capture; whoever has it can log in as these devices.');
  return `${lines.join('\n')}\n`;
}

function summaryText({ figures, records, observerFaults, tlsFailures, codec }: CaptureSummary): string {
  const { connections, refused, unreachable, reads, bytes } = figures;
  const { packets, malformed, trailingBytes, checksumMismatch } = codec;
  return [
    `${connections} connections, ${refused} refused, ${unreachable} without a controller, ${tlsFailures} TLS failures`,
    `${reads.dev_to_cloud} reads (${bytes.dev_to_cloud} bytes) from devices, ` +
      `${reads.cloud_to_dev} reads (${bytes.cloud_to_dev} bytes) from the controller, ${records} records`,
    `${packets} packets, ${malformed} malformed, ${trailingBytes} bytes in none, ${checksumMismatch} odd checksums`,
    ...(observerFaults > 0 ? [`${observerFaults} faults of observers`] : []),
    '',
  ].join('\n');
}
