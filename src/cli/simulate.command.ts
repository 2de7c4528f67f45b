import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock, type Cancel, type Clock } from '../kernel/clock';
import {
  ControlServer,
  newControlToken,
  type ControlAnswer,
  type ControlRequest,
} from '../kernel/control-server';
import { toldToStop } from '../kernel/signals';
import { readChaosFile } from '../simulator/chaos-file';
import { applyAction, runScript } from '../simulator/chaos-script';
import { dialTo, parseDialAddress } from '../simulator/connector';
import { controlAnswer } from '../simulator/control-answers';
import { Fleet } from '../simulator/fleet';
import { TIMING_NAMES, type TimingName } from '../simulator/timing';
import type { CliIo } from './io';

type Address = NonNullable<ReturnType<typeof parseDialAddress>>;

interface SimulateOptions {
  readonly devices: number;
  readonly address?: readonly Address[];
  readonly timing: TimingName;
  readonly seed: number;
  readonly maxNodes: number;
  readonly spread: number;
  readonly every: number;
  readonly chaos?: string;
  readonly controlPort?: number;
  readonly output: 'text' | 'json';
}

const HELP = `
The devices dial in and behave as captured ones do: handshake, status bursts, heartbeats, receipts, replies. The same
seed gives the same devices, with the same ids and secrets. Several addresses are tried in turn. Ctrl-C ends it.

A file of chaos says what goes wrong, at once and later; the control port changes it meanwhile (docs/chaos.md).

Examples:
  pointsman simulate --devices 200
  pointsman simulate --devices 1000 --address 10.0.0.5:23779?tls --timing captured --seed 7
  pointsman simulate --devices 50 --chaos lossy.yaml --control-port 9077
`;

const DEFAULT_ADDRESS = '127.0.0.1:23778';
const MS_PER_SECOND = 1000;
const MAX_DEVICES = 100_000;
const MAX_NODES = 254;
const MAX_SEED = 2 ** 32 - 1;
const MAX_SECONDS = 86_400;
const MAX_PORT = 65_535;

/** `pointsman simulate`: a fleet of simulated devices that dials a controller until it is told to stop. */
export function simulateCommand(io: CliIo): Command {
  return new Command('simulate')
    .description('run simulated devices that dial in')
    .addOption(whole('--devices <count>', 'how many devices', [1, MAX_DEVICES]).default(25))
    .option(
      '--address <host:port[?tls]>',
      `where to dial, repeatable (default: ${DEFAULT_ADDRESS})`,
      addAddress,
    )
    .addOption(
      new Option('--timing <profile>', 'how quickly they answer').choices(TIMING_NAMES).default('lab'),
    )
    .addOption(whole('--seed <number>', 'what the devices are drawn from', [0, MAX_SEED]).default(1))
    .addOption(whole('--max-nodes <count>', 'mesh nodes of a bridge at most', [1, MAX_NODES]).default(4))
    .addOption(whole('--spread <seconds>', 'time over which they begin to dial', [0, MAX_SECONDS]).default(1))
    .addOption(whole('--every <seconds>', 'time between status lines', [1, MAX_SECONDS]).default(5))
    .option('--chaos <file>', 'what goes wrong, as YAML')
    .addOption(
      whole('--control-port <port>', 'loopback port to change it on; 0: any free one', [0, MAX_PORT]),
    )
    .addOption(
      new Option('--output <format>', 'how to print the status').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((options: SimulateOptions) => simulate(options, io));
}

async function simulate(options: SimulateOptions, io: CliIo): Promise<void> {
  const { devices: size, address, timing, seed, maxNodes, spread, every, output } = options;
  const addresses = address ?? [addressOf(DEFAULT_ADDRESS)];
  const fleet = new Fleet({
    clock: systemClock,
    connect: dialTo(addresses),
    settings: { size, timing, seed, maxNodes, connectSpreadMs: spread * MS_PER_SECOND },
  });
  const stopChaos = options.chaos === undefined ? undefined : startChaos(options.chaos, fleet);
  const control = await openControl(options, fleet, io);
  const line = output === 'json' ? statusJson : statusText;
  const report = () => io.out(`${line(fleet)}\n`);
  await runUntil(toldToStop(), { fleet, clock: systemClock, everyMs: every * MS_PER_SECOND, report });
  stopChaos?.();
  await control?.close();
}

function startChaos(file: string, fleet: Fleet): Cancel {
  const { chaos: settings, script } = readChaosFile(file);
  applyAction(fleet, { kind: 'chaos', settings });
  return runScript(script, fleet, systemClock);
}

/** The token is printed, and nowhere else: who can read the output may change the fleet. */
async function openControl(
  { controlPort, output }: SimulateOptions,
  fleet: Fleet,
  io: CliIo,
): Promise<ControlServer | undefined> {
  if (controlPort === undefined) return undefined;
  const token = newControlToken();
  const answer = (request: ControlRequest): ControlAnswer => controlAnswer(fleet, request);
  const control = new ControlServer({ port: controlPort, token, answer });
  await control.start();
  const { url } = control;
  io.out(
    output === 'json'
      ? `${JSON.stringify({ control: { url, token } })}\n`
      : `control: ${url}\ntoken: ${token}\n`,
  );
  return control;
}

interface Run {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly report: () => void;
}

/** Runs a fleet until `stopped` resolves, reporting every so often and once at the end, before it is stopped. */
export async function runUntil(
  stopped: Promise<void>,
  { fleet, clock, everyMs, report }: Run,
): Promise<void> {
  fleet.start();
  const cancel = clock.every(everyMs, report);
  await stopped;
  cancel();
  report();
  fleet.stop();
}

/** A person's view of how a fleet fares. */
export function statusText(fleet: Fleet): string {
  const { size, connected, ready } = fleet.status();
  const { received, executed, repeats, executedRepeats, writtenBy } = fleet.totals();
  return [
    `${size} devices, ${connected} connected, ${ready} ready`,
    `${received} commands (${writtenBy.new} new, ${writtenBy.legacy} legacy), ${executed} executed`,
    `${repeats} repeats, ${executedRepeats} of them executed`,
  ].join('; ');
}

function statusJson(fleet: Fleet): string {
  return JSON.stringify({ ...fleet.status(), ...fleet.totals() });
}

function addAddress(text: string, before: readonly Address[] | undefined): readonly Address[] {
  return [...(before ?? []), addressOf(text)];
}

function addressOf(text: string): Address {
  const address = parseDialAddress(text);
  if (!address) throw new InvalidArgumentError('It must be host:port or host:port?tls.');
  return address;
}

function whole(flags: string, description: string, [low, high]: readonly [number, number]): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    return value;
  });
}
