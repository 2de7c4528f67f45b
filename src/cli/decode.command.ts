import { Command, Option } from 'commander';
import { CaptureDecoder, MAX_STREAMS, type CaptureEvent } from '../capture/capture-decoder';
import { captureSource, readsOf } from '../capture/capture-source';
import { SummaryTally, type DecodeSummary } from '../capture/decode-summary';
import { packetLine, packetReport } from '../capture/packet-report';
import type { CliIo } from './io';

interface DecodeOptions {
  readonly output: 'text' | 'json';
  readonly packets?: boolean;
}

const HELP = `
Each line of a file is one read: a JSON object with "hex" and, if known, "ts", "dir" (dev_to_cloud or
cloud_to_dev) and "conn", or nothing but hex digits. Reads of one "conn" and "dir" are one stream (at most
${MAX_STREAMS} at once); a read without "conn" stands alone. Login secrets are never shown.

Examples:
  pointsman decode capture.jsonl
  pointsman decode --output json capture.jsonl | jq .byType
  echo 'd3 00000000' | pointsman decode -
`;

/** `pointsman decode`: what a capture holds, packet by packet and in figures. */
export function decodeCommand(io: CliIo): Command {
  return new Command('decode')
    .description('decode captured reads into packets, and count them')
    .argument('<file...>', 'captures; - is standard input')
    .addOption(new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--packets', 'with --output json: also one JSON object per packet, a line each')
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .action((files: string[], options: DecodeOptions) => decode(files, options, io));
}

async function decode(files: readonly string[], options: DecodeOptions, io: CliIo): Promise<void> {
  const tally = new SummaryTally();
  const show = packetPrinter(options, io);
  for (const file of files) {
    const decoder = new CaptureDecoder((event) => {
      tally.add(event);
      show(event);
    });
    for await (const read of readsOf(captureSource(file, io.stdin))) decoder.read(read);
    decoder.finish();
  }
  io.out(summaryText(tally.summary(), options));
}

function packetPrinter(options: DecodeOptions, io: CliIo): (event: CaptureEvent) => void {
  if (options.output === 'json' && !options.packets) return () => {};
  const format = options.output === 'json' ? JSON.stringify : packetLine;
  return (event) => {
    if (event.kind === 'packet') io.out(`${format(packetReport(event))}\n`);
  };
}

function summaryText(summary: DecodeSummary, options: DecodeOptions): string {
  // Behind packets the summary is a line like theirs, so that each line of the output is one JSON document.
  if (options.output === 'json') return `${JSON.stringify(summary, undefined, options.packets ? 0 : 2)}\n`;
  const { byType, ...figures } = summary;
  const types = Object.entries(byType).map(([type, count]) => `${type}=${count}`);
  const lines = Object.entries(figures).map(([name, count]) => `${name.padEnd(16)} ${count}`);
  return ['', ...lines, `${'byType'.padEnd(16)} ${types.join(' ')}`, ''].join('\n');
}
