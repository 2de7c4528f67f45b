import { Command, InvalidArgumentError, Option } from 'commander';
import { MAX_STREAMS, type CaptureEvent } from '../capture/capture-decoder';
import { captureSource } from '../capture/capture-source';
import { DecodeRun, type DecodeFindings, type DecodeSettings } from '../capture/decode-run';
import type { DecodeSummary } from '../capture/decode-summary';
import { packetLine, packetReport } from '../capture/packet-report';
import { isDeviceId } from '../kernel/device-id';
import type { CliIo } from './io';
import { whole } from './options';
import { tableText } from './table';

interface DecodeOptions {
  readonly output: 'text' | 'json';
  readonly packets?: boolean;
  readonly stats?: boolean;
  readonly pairs?: boolean;
  readonly type?: ReadonlySet<number>;
  readonly device?: string;
  readonly conn?: string;
  readonly dir?: 'dev_to_cloud' | 'cloud_to_dev';
  readonly limit?: number;
}

const HELP = `
Each line of a file is one read: a JSON object with "hex" and, if known, "ts", "dir" (dev_to_cloud or
cloud_to_dev) and "conn", or nothing but hex digits. Reads of one "conn" and "dir" are one stream (at most
${MAX_STREAMS} at once); a read without "conn" stands alone. Login secrets are never shown.

The filters choose packets. --pairs looks for the answer to each request, by number where the protocol has one and
in order where it has none; with it, --type and --dir choose the requests. Reads are counted whole.

Examples:
  pointsman decode capture.jsonl
  pointsman decode --type 0x73 --type 0x7B --device 37962469 --limit 20 capture.jsonl
  pointsman decode --stats --pairs capture.jsonl
  pointsman decode --output json capture.jsonl | jq .byType
  echo 'd3 00000000' | pointsman decode -
`;

const MAX_LIMIT = 1e9;

/** `pointsman decode`: what a capture holds, packet by packet and in figures. */
export function decodeCommand(io: CliIo): Command {
  return new Command('decode')
    .description('decode captured reads into packets, and count them')
    .argument('<file...>', 'captures; - is standard input')
    .addOption(new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--packets', 'one line per packet, with --output json, --stats or --pairs too')
    .option('--stats', 'count, sizes and rate of each type')
    .option('--pairs', 'requests and their answers: how many, how quickly, what is left over')
    .option('--type <byte>', 'only packets of this type, such as 0x73; repeatable', addType)
    .option('--device <id>', 'only packets of this device, 8 hex digits', deviceOf)
    .option('--conn <name>', 'only this connection')
    .addOption(new Option('--dir <direction>', 'only this way').choices(['dev_to_cloud', 'cloud_to_dev']))
    .addOption(whole('--limit <count>', 'end behind so many packets', [1, MAX_LIMIT]))
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((files: string[], options: DecodeOptions) => decode(files, options, io));
}

async function decode(files: readonly string[], options: DecodeOptions, io: CliIo): Promise<void> {
  const run = new DecodeRun(settingsOf(options, packetPrinter(options, io)));
  for (const file of files) await run.decode(captureSource(file, io.stdin));
  io.out(findingsText(run.findings(), options));
}

function settingsOf(options: DecodeOptions, onPacket: DecodeSettings['onPacket']): DecodeSettings {
  const { type: types, device, conn, dir, limit } = options;
  return {
    onPacket,
    ...(types && { types }),
    ...(device !== undefined && { device }),
    ...(conn !== undefined && { conn }),
    ...(dir && { dir }),
    ...(limit !== undefined && { limit }),
  };
}

function packetPrinter(options: DecodeOptions, io: CliIo): (event: CaptureEvent) => void {
  const { output, packets, stats, pairs } = options;
  if (!packets && (output === 'json' || stats || pairs)) return () => {};
  const format = output === 'json' ? JSON.stringify : packetLine;
  return (event) => {
    if (event.kind === 'packet') io.out(`${format(packetReport(event))}\n`);
  };
}

function findingsText({ summary, stats, pairs }: DecodeFindings, options: DecodeOptions): string {
  const wanted = { ...(options.stats && { stats }), ...(options.pairs && { pairs }) };
  // Behind packets the summary is a line like theirs, so that each line of the output is one JSON document.
  if (options.output === 'json')
    return `${JSON.stringify({ ...summary, ...wanted }, undefined, options.packets ? 0 : 2)}\n`;
  const tables = [
    ...(options.stats ? [tableText('type', stats)] : []),
    ...(options.pairs ? [tableText('pair (ms)', pairs)] : []),
  ];
  return [summaryText(summary), ...tables].join('\n');
}

function summaryText({ byType, ...figures }: DecodeSummary): string {
  const types = Object.entries(byType).map(([type, count]) => `${type}=${count}`);
  const lines = Object.entries(figures).map(([name, count]) => `${name.padEnd(16)} ${count}`);
  return ['', ...lines, `${'byType'.padEnd(16)} ${types.join(' ')}`, ''].join('\n');
}

function addType(text: string, before: ReadonlySet<number> | undefined): ReadonlySet<number> {
  if (!/^(0x)?[0-9a-f]{2}$/i.test(text)) throw new InvalidArgumentError('It must be a byte such as 0x73.');
  return new Set([...(before ?? []), Number.parseInt(text.replace(/^0x/i, ''), 16)]);
}

function deviceOf(text: string): string {
  const id = text.toLowerCase();
  if (!isDeviceId(id)) throw new InvalidArgumentError('It must be 8 hex digits.');
  return id;
}
