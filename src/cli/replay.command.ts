import { Command, InvalidArgumentError, Option } from 'commander';
import { captureSource, readsOf } from '../capture/capture-source';
import { deviceSideIdentity } from '../capture/device-side-identity';
import { isFaithful, type ReplayReport } from '../capture/replay-report';
import { ControllerReplay, DeviceReplay, type ReplayParts } from '../capture/replay-run';
import { REPLAY_ROLES, ReplayScripts, type ReplayRole } from '../capture/replay-script';
import { systemClock } from '../kernel/clock';
import { AppError } from '../kernel/errors';
import { toldToStop } from '../kernel/signals';
import { parseDialAddress } from '../simulator/connector';
import type { CliIo } from './io';
import { PORT_RANGE, seconds, whole } from './options';

type Address = NonNullable<ReturnType<typeof parseDialAddress>>;

interface ReplayOptions {
  readonly as: ReplayRole;
  readonly address: Address;
  readonly listenHost: string;
  readonly listenPort: number;
  readonly tls: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly speed: number;
  readonly answerTimeout: number;
  readonly linger: number;
  readonly output: 'text' | 'json';
}

const HELP = `
As devices it dials a controller, once for each connection of the capture, says what the device said, and answers
commands as the device did. As a controller it waits for the devices of the capture, answers them, and sends them the
commands of the capture; then it tells whether each receipt and reply is the captured one. Messages that depend on an
answer wait for it, at any speed. A capture with masked secrets logs in with the mask: a controller that knows the
devices refuses that, so record with --with-secrets where it matters. The exit code is 1 when what came back differs.

Examples:
  pointsman replay kitchen.jsonl --as devices --address 127.0.0.1:23778 --speed 10
  pointsman replay kitchen.jsonl --as controller --no-tls --listen-port 23778 --speed max
`;

const MS_PER_SECOND = 1000;
const DEVICE_TLS_PORT = 23_779;
const DEFAULT_ADDRESS = { host: '127.0.0.1', port: 23_778, tls: false };

/** `pointsman replay`: one side of a capture, played to a live peer. */
export function replayCommand(io: CliIo): Command {
  return new Command('replay')
    .description('play a capture as its devices or as their controller')
    .argument('<file...>', 'captures; - is standard input')
    .addOption(new Option('--as <role>', 'which side to play').choices(REPLAY_ROLES).default('devices'))
    .addOption(addressOption())
    .option('--listen-host <address>', 'as controller: where devices dial in', '127.0.0.1')
    .addOption(
      whole('--listen-port <port>', 'as controller: the port they dial', PORT_RANGE).default(DEVICE_TLS_PORT),
    )
    .option('--no-tls', 'as controller: devices dial in over plain TCP')
    .option('--cert <file>', 'as controller: certificate shown to devices')
    .option('--key <file>', 'as controller: its private key')
    .addOption(speedOption())
    .addOption(seconds('--answer-timeout <s>', 'how long to wait for an answer of the capture').default(5))
    .addOption(seconds('--linger <s>', 'how long to stay connected behind the last message').default(1))
    .addOption(new Option('--output <format>', 'how to report').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((files: string[], options: ReplayOptions) => replay(files, options, io));
}

function addressOption(): Option {
  return new Option('--address <host:port[?tls]>', 'as devices: the controller')
    .default(DEFAULT_ADDRESS, '127.0.0.1:23778')
    .argParser((text) => {
      const address = parseDialAddress(text);
      if (!address) throw new InvalidArgumentError('It must be host:port or host:port?tls.');
      return address;
    });
}

function speedOption(): Option {
  return new Option('--speed <factor>', 'times faster than the capture; max leaves out all pauses')
    .default(1)
    .argParser((text) => {
      if (text === 'max') return Infinity;
      const factor = Number(text);
      if (/^\d+(\.\d+)?$/.test(text) && factor > 0) return factor;
      throw new InvalidArgumentError('It must be a number above 0, or max.');
    });
}

async function replay(files: readonly string[], options: ReplayOptions, io: CliIo): Promise<void> {
  const collected = new ReplayScripts();
  for (const file of files) await collected.addFile(file, readsOf(captureSource(file, io.stdin)));
  const scripts = collected.scripts(options.as);
  if (scripts.length === 0) throw new AppError('input.invalid', 'there is no packet to replay');
  const parts: ReplayParts = {
    scripts,
    clock: systemClock,
    speed: options.speed,
    answerTimeoutMs: options.answerTimeout * MS_PER_SECOND,
    lingerMs: options.linger * MS_PER_SECOND,
    onProblem: (message) => io.err(`${message}\n`),
  };
  const report = await (options.as === 'devices'
    ? asDevices(parts, options)
    : asController(parts, options, io));
  io.out(options.output === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
  if (!isFaithful(report)) throw new AppError('input.invalid', 'what came back is not what was captured');
}

function asDevices(parts: ReplayParts, { address }: ReplayOptions): Promise<ReplayReport> {
  const run = new DeviceReplay(parts, address);
  void toldToStop().then(() => run.stop());
  return run.run();
}

async function asController(parts: ReplayParts, options: ReplayOptions, io: CliIo): Promise<ReplayReport> {
  const identity = options.tls ? await deviceSideIdentity(options, systemClock.wallNow()) : undefined;
  const listen = { host: options.listenHost, port: options.listenPort };
  const run = new ControllerReplay({ ...parts, listen, ...(identity && { identity }) });
  const { report } = await run.start();
  io.err(`devices dial ${options.listenHost}:${run.port} (${options.tls ? 'TLS' : 'plain'})\n`);
  void toldToStop().then(() => run.stop());
  return report;
}

function reportText(report: ReplayReport): string {
  const { connections, played, unreachable, unexpected, sent, received, commands, answers } = report;
  const { same, different, missing, extra } = commands;
  return [
    `${played} of ${connections} connections played, ${unreachable} unreachable, ${unexpected} unexpected`,
    `${sent} packets sent, ${received} received, ${report.unplayedSteps} steps not reached`,
    ...Object.entries(answers).map(
      ([label, { captured, now }]) => `${label}  ${now} answered, ${captured} in the capture`,
    ),
    `receipts of ${same + different + missing + extra} commands: ` +
      `${same} same, ${different} different, ${missing} missing, ${extra} extra`,
    ...(sent > 0 && received === 0
      ? ['nothing came back at all: a controller refuses masked logins of devices that it knows']
      : []),
    `${report.answeredCommands} commands of the peer answered, ${report.unknownRequests} requests not in the capture`,
    '',
  ].join('\n');
}
