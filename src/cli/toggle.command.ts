import { Command, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../config/environment';
import { systemClock } from '../kernel/clock';
import { isDeviceId } from '../kernel/device-id';
import { AppError } from '../kernel/errors';
import { systemRandom } from '../kernel/random';
import { toldToStop } from '../kernel/signals';
import { cyncFraming } from '../toggler/cync-framing';
import { testFraming } from '../toggler/test-framing';
import { TOGGLE_LOG_LEVELS, type ToggleLogLevel } from '../toggler/toggle-log';
import { runToggle } from '../toggler/toggle-run';
import type { CliIo } from './io';
import { PORT_RANGE, seconds, whole } from './options';
import type { CommandParts } from './command-parts';

interface ToggleOptions {
  readonly deviceId?: string;
  readonly deviceHost?: string;
  readonly devicePort: number;
  readonly state: boolean;
  readonly maxAttempts: number;
  readonly logLevel: ToggleLogLevel;
  readonly metricsPort: number;
  readonly framing: 'cync' | 'f00d';
  readonly node?: number;
  readonly tls?: boolean;
  readonly linger: number;
}

const HELP = `
With --framing f00d it speaks the programme's test framing, and any answer is success. With --framing cync it speaks
the captured protocol as a controller that dials the device, and success is the reply of the device with status 0.
Each attempt has a connection and a message id of its own. The exit code is 0 when the device did it, else 1.
Log lines are JSON on standard output; the metrics are on 127.0.0.1 while it runs, and --linger seconds longer.

Variables in place of options: DEVICE_ID, DEVICE_HOST, DEVICE_PORT, STATE, LOG_LEVEL, METRICS_PORT.

Examples:
  pointsman toggle --device-id 37962469 --device-host 10.0.0.7 --state on
  pointsman toggle --device-id lamp-1 --device-host 127.0.0.1 --framing f00d --state off --log-level DEBUG
`;

const MS_PER_SECOND = 1000;
const MAX_ATTEMPTS = 100;
const MAX_U16 = 65_535;
const LEVEL_LIST = TOGGLE_LOG_LEVELS.join(', ');
const STATES: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
]);
const FRAMINGS = { cync: cyncFraming, f00d: testFraming } as const;

/** Option → the variable that stands in for it. */
const VARIABLES: Readonly<Record<string, string>> = {
  deviceId: 'DEVICE_ID',
  deviceHost: 'DEVICE_HOST',
  devicePort: 'DEVICE_PORT',
  state: 'STATE',
  logLevel: 'LOG_LEVEL',
  metricsPort: 'METRICS_PORT',
};

/** `pointsman toggle`: one lamp, on or off. */
export function toggleCommand({ io, environment }: CommandParts): Command {
  const framings = new Option('--framing <name>', 'what is spoken').choices(Object.keys(FRAMINGS));
  return new Command('toggle')
    .description('dial one device and switch it on or off')
    .option('--device-id <id>', 'the device; with cync framing 8 hex digits')
    .option('--device-host <address>', 'where it is')
    .addOption(whole('--device-port <port>', 'its port', [1, MAX_U16]).default(9000))
    .addOption(new Option('--state <state>', 'on or off').default(true, 'on').argParser(stateOf))
    .addOption(whole('--max-attempts <count>', 'how often to try', [1, MAX_ATTEMPTS]).default(2))
    .addOption(new Option('--log-level <level>', LEVEL_LIST).default('INFO').argParser(levelOf))
    .addOption(whole('--metrics-port <port>', 'GET /metrics on this machine', PORT_RANGE).default(9400))
    .addOption(framings.default('cync'))
    .addOption(whole('--node <number>', 'cync: the mesh node (default: the device’s own)', [1, MAX_U16]))
    .option('--tls', 'dial over TLS')
    .addOption(seconds('--linger <s>', 'how long the metrics stay behind the last attempt').default(0))
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((_options: unknown, command: Command) => {
      takeVariables(command, environment);
      return run(command, io);
    });
}

async function run(command: Command, io: CliIo): Promise<void> {
  const options = command.opts<ToggleOptions>();
  const { deviceId, deviceHost: host, devicePort: port, tls = false, node } = options;
  if (!deviceId || !host)
    return command.error('error: --device-id and --device-host are needed, or DEVICE_ID and DEVICE_HOST');
  if (options.framing === 'cync' && !isDeviceId(deviceId))
    return command.error('error: with cync framing --device-id is 8 lower-case hex digits');
  const outcome = await runToggle({
    address: { host, port, tls },
    wish: { deviceId, on: options.state, ...(node !== undefined && { node }) },
    framing: FRAMINGS[options.framing],
    maxAttempts: options.maxAttempts,
    logLevel: options.logLevel,
    metricsPort: options.metricsPort,
    lingerMs: options.linger * MS_PER_SECOND,
    clock: systemClock,
    random: systemRandom,
    write: (line) => io.out(line),
    stopped: options.linger > 0 ? toldToStop() : new Promise(() => {}),
  });
  if (outcome.kind !== 'applied')
    throw new AppError('input.invalid', `${deviceId} was not toggled: ${outcome.why}`, { ...outcome });
}

/** What the command line does not say, a variable may. */
function takeVariables(command: Command, environment: Environment): void {
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const text = environment[variable];
    const option = command.options.find((each) => each.attributeName() === name);
    if (text === undefined || !option || command.getOptionValueSource(name) === 'cli') continue;
    try {
      command.setOptionValueWithSource(name, option.parseArg?.<unknown>(text, undefined) ?? text, 'env');
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      command.error(`error: ${variable} is '${text}'. ${error.message}`);
    }
  }
}

function stateOf(text: string): boolean {
  const state = STATES.get(text.toLowerCase());
  if (state === undefined) throw new InvalidArgumentError(`It must be ${[...STATES.keys()].join(', ')}.`);
  return state;
}

function levelOf(text: string): ToggleLogLevel {
  const level = TOGGLE_LOG_LEVELS.find((each) => each === text.toUpperCase());
  if (!level) throw new InvalidArgumentError(`It must be ${LEVEL_LIST}.`);
  return level;
}
