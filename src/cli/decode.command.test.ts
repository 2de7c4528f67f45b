import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { corpusFiles, genuineLines } from '../../test/support/corpus';
import type { DecodeSummary } from '../capture/decode-summary';
import { AppError } from '../kernel/errors';
import { decodeCommand } from './decode.command';

interface Run {
  readonly out: string;
  readonly err: string;
  readonly thrown: unknown;
}

async function run(args: readonly string[], stdin: Iterable<string | Buffer> = []): Promise<Run> {
  let out = '';
  let err = '';
  const command = decodeCommand({
    out: (text) => (out += text),
    err: (text) => (err += text),
    stdin: Readable.from(stdin),
  }).exitOverride();
  const thrown = await command.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out, err, thrown };
}

async function summaryOf(files: readonly string[]): Promise<DecodeSummary> {
  const { out, thrown } = await run(['--output', 'json', ...files]);
  expect(thrown).toBeUndefined();
  return JSON.parse(out) as DecodeSummary;
}

const NOTHING = {
  packets: 0,
  byType: {},
  innerFrames: 0,
  checksumOk: 0,
  checksumMismatch: 0,
  escapedFrames: 0,
  malformed: 0,
  trailingBytes: 0,
  tlsRecords: 0,
  messageIds: 0,
};

// Counted by a program of its own that was written from the protocol's description, before this decoder had run.
const EXPECTED: Readonly<Record<string, DecodeSummary>> = {
  'capture_20251106_081101.jsonl': { ...NOTHING, reads: 54, tlsRecords: 54 },
  'capture_20251106_082038.jsonl': {
    ...NOTHING,
    reads: 2251,
    packets: 2380,
    byType: types('23=25 28=25 43=381 48=381 83=101 88=101 C3=25 C8=25 D3=658 D8=658'),
    innerFrames: 101,
    checksumOk: 101,
    messageIds: 101,
  },
  'documents_hex.jsonl': {
    ...NOTHING,
    reads: 32,
    packets: 32,
    byType: types('28=1 43=1 73=20 83=8 D8=2'),
    innerFrames: 26,
    checksumOk: 26,
    malformed: 2,
    trailingBytes: 1,
    messageIds: 28,
  },
  'fixtures_real_packets.jsonl': {
    ...NOTHING,
    reads: 110,
    packets: 105,
    byType: types('23=8 28=6 43=4 48=1 73=47 7B=7 83=14 88=6 D3=6 D8=6'),
    innerFrames: 14,
    checksumOk: 7,
    checksumMismatch: 7,
    malformed: 47,
    trailingBytes: 262,
    messageIds: 68,
  },
  'session_cynclan_bulb.jsonl': {
    ...NOTHING,
    reads: 41,
    packets: 45,
    byType: types('28=1 43=10 48=10 83=5 88=5 C3=1 C8=1 D3=6 D8=6'),
    innerFrames: 5,
    checksumOk: 5,
    messageIds: 5,
  },
  'session_cynclan_plug.jsonl': {
    ...NOTHING,
    reads: 83,
    packets: 98,
    byType: types('28=1 43=9 48=9 73=18 78=4 7B=25 83=10 88=10 A3=1 AB=1 C3=1 C8=1 D3=4 D8=4'),
    innerFrames: 28,
    checksumOk: 28,
    messageIds: 59,
  },
};

const EXPECTED_TOTAL: DecodeSummary = {
  reads: 2571,
  packets: 2660,
  byType: types(
    '23=33 28=34 43=405 48=401 73=85 78=4 7B=32 83=138 88=122 A3=1 AB=1 C3=27 C8=27 D3=674 D8=676',
  ),
  innerFrames: 174,
  checksumOk: 167,
  checksumMismatch: 7,
  escapedFrames: 0,
  malformed: 49,
  trailingBytes: 263,
  tlsRecords: 54,
  messageIds: 261,
};

function types(counts: string): Record<string, number> {
  const pairs = counts.split(' ').map((pair) => pair.split('=') as [string, string]);
  return Object.fromEntries(pairs.map(([type, count]) => [`0x${type}`, Number(count)]));
}

describe('decode, on the corpus', () => {
  it('counts each file as an independent count did', async () => {
    const summaries: Record<string, DecodeSummary> = {};
    for (const file of corpusFiles()) summaries[basename(file)] = await summaryOf([file]);
    expect(summaries).toEqual(EXPECTED);
  });

  it('counts all files together as an independent count did', async () => {
    expect(await summaryOf(corpusFiles())).toEqual(EXPECTED_TOTAL);
  });

  it('finds nothing wrong in what real equipment sent', async () => {
    const lines = genuineLines().map((line) => `${JSON.stringify(line)}\n`);
    const { out } = await run(['--output', 'json', '-'], lines);
    expect(JSON.parse(out)).toMatchObject({
      reads: 2424,
      packets: 2574,
      innerFrames: 152,
      checksumOk: 152,
      malformed: 0,
      trailingBytes: 0,
      messageIds: 184,
    });
  });

  it('prints one line per packet and no login secret', async () => {
    const { out } = await run([...corpusFiles()]);
    expect(out.split('\n').filter((line) => / 0x[0-9A-F]{2} /.test(line))).toHaveLength(2660);
    expect(out).not.toMatch(/23000000(1a|1A)03[0-9a-f]{8}0010(?!\*{32}0000)/);
  });
});

describe('decode, on standard input', () => {
  it('prints what it sees in text, then the summary', async () => {
    const { out, thrown } = await run(['-'], ['d3 00000000\n', 'd800', '000000']);
    expect(thrown).toBeUndefined();
    expect(out.split('\n').slice(0, 5)).toEqual([
      '- - 0xD3 heartbeat d300000000',
      '- - 0xD8 heartbeat_answer d800000000',
      '',
      'reads            2',
      'packets          2',
    ]);
    expect(out).toContain('byType           0xD3=1 0xD8=1\n');
  });

  it('prints exactly one JSON document, or with --packets one a line and the summary last', async () => {
    const input = [
      '{"ts":"T","dir":"dev_to_cloud","conn":"x","hex":"d3000000"}\n',
      '{"dir":"dev_to_cloud","conn":"x","hex":"00"}',
    ];
    const alone = await run(['--output', 'json', '-'], input);
    expect(JSON.parse(alone.out)).toMatchObject({ reads: 2, packets: 1, trailingBytes: 0 });
    const lines = (await run(['--output', 'json', '--packets', '-'], input)).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { ts: '', dir: 'dev_to_cloud', conn: 'x', type: '0xD3', name: 'heartbeat', hex: 'd300000000' },
      JSON.parse(alone.out),
    ]);
  });

  it('takes lines and characters that are cut anywhere, blank lines, and a byte order mark', async () => {
    const input = Buffer.from('\ufeff{"ts":"T","note":"é","hex":"d300000000"}\r\n\n d8 00 00 00 00', 'utf8');
    const { out } = await run(
      ['--output', 'json', '-'],
      [...input].map((byte) => Buffer.of(byte)),
    );
    expect(JSON.parse(out)).toMatchObject({ reads: 2, packets: 2, trailingBytes: 0 });
  });

  it.each(['text', 'json'])('names the bad line and prints no summary as %s', async (output) => {
    const { out, thrown } = await run(
      ['--output', output, '-'],
      ['d300000000\n\n', 'nonsense\n', 'd300000000\n'],
    );
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({
      code: 'input.invalid',
      message: 'standard input, line 3: its bytes are not an even number of hex digits',
    });
    expect(out).toBe(output === 'json' ? '' : '- - 0xD3 heartbeat d300000000\n');
  });

  it('refuses a line without end instead of holding it', async () => {
    let given = 0;
    function* endless(): Generator<string> {
      for (; given < 1_000; given += 1) yield '00'.repeat(50_000);
    }
    const { thrown } = await run(['--output', 'json', '-'], endless());
    expect(thrown).toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('a line has more than'),
    });
    expect(given).toBeLessThan(100);
  });
});

describe('decode, on files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decode-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names a file that cannot be read', async () => {
    const missing = join(folder, 'missing.jsonl');
    for (const file of [missing, folder]) {
      const { out, thrown } = await run(['--output', 'json', file]);
      expect(thrown).toMatchObject({
        code: 'input.invalid',
        message: expect.stringContaining(`cannot read ${file}: `),
      });
      expect(out).toBe('');
    }
  });

  it('does not join a connection of one file with its namesake in the next', async () => {
    const paths = ['d30000', '0000'].map((hex, index) => {
      const path = join(folder, `${index}.jsonl`);
      writeFileSync(path, JSON.stringify({ conn: 'x', hex }));
      return path;
    });
    expect(await summaryOf(paths)).toMatchObject({ reads: 2, packets: 0, trailingBytes: 5 });
    expect(await summaryOf([paths[0] as string, paths[0] as string])).toMatchObject({ trailingBytes: 6 });
  });

  it('explains itself, with an example', async () => {
    const { out } = await run(['--help']);
    expect(out).toContain('pointsman decode --output json capture.jsonl');
    const refused = await run(['--output', 'xml', 'x']);
    expect(refused.err).toContain('text, json');
  });
});

describe('decode, of a part of a capture', () => {
  const line = (second: number, conn: string, dir: string, hex: string): string =>
    `${JSON.stringify({ ts: `2026-01-01T00:00:0${second}.000500`, dir, conn, hex })}\n`;
  const [DEVICE, CLOUD] = ['dev_to_cloud', 'cloud_to_dev'];
  const CAPTURE = [
    line(0, 'a', DEVICE, '4300000007379624690101 06'.replace(' ', '')),
    line(1, 'a', DEVICE, 'd300000000'),
    line(2, 'b', DEVICE, 'd300000000'),
    line(4, 'a', CLOUD, 'd800000000'),
    line(5, 'b', CLOUD, 'd800000000'),
    line(6, 'b', DEVICE, 'd300000000'),
  ];
  const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { out, thrown } = await run(['--output', 'json', ...args, '-'], CAPTURE);
    expect(thrown).toBeUndefined();
    return JSON.parse(out) as Record<string, unknown>;
  };

  it.each([
    [['--type', '0xD3'], { '0xD3': 3 }],
    [['--type', 'd8', '--type', '43'], { '0x43': 1, '0xD8': 2 }],
    [['--dir', 'cloud_to_dev'], { '0xD8': 2 }],
    [['--conn', 'a'], { '0x43': 1, '0xD3': 1, '0xD8': 1 }],
    [['--device', '37962469'], { '0x43': 1, '0xD3': 1, '0xD8': 1 }],
    [['--limit', '2'], { '0x43': 1, '0xD3': 1 }],
    [['--limit', '1', '--type', 'd8'], { '0xD8': 1 }],
  ])('with %j counts only that', async (args, byType) => {
    expect((await json(...args)).byType).toEqual(byType);
  });

  it('stops at its limit in the middle of a read', async () => {
    const { out } = await run(['--limit', '2', '-'], ['d300000000d300000000d300000000\n']);
    expect(out.split('\n').filter((text) => text.startsWith('- - '))).toHaveLength(2);
    expect(out).toContain('trailingBytes    0\n');
  });

  it('tells count, sizes and rate of each type', async () => {
    const stats = await json('--stats');
    expect(stats.stats).toMatchObject({
      '0xD3': { count: 3, bytes: 15, smallest: 5, mean: 5, largest: 5, perSecond: 0.5 },
      '0xD8': { count: 2, perSecond: 0.3333 },
    });
  });

  it('finds the answer to each request on its own connection, and says what is left over', async () => {
    expect((await json('--pairs')).pairs).toEqual({
      '0x43→0x48': {
        pairs: 0,
        p50: null,
        p95: null,
        p99: null,
        max: null,
        unansweredRequests: 1,
        strayAnswers: 0,
      },
      '0xD3→0xD8': {
        pairs: 2,
        p50: 3000,
        p95: 3000,
        p99: 3000,
        max: 3000,
        unansweredRequests: 1,
        strayAnswers: 0,
      },
    });
  });

  it('chooses pairs by their request', async () => {
    const pairs = (await json('--pairs', '--type', 'd3', '--conn', 'b')).pairs;
    expect(pairs).toEqual({ '0xD3→0xD8': expect.objectContaining({ pairs: 1, unansweredRequests: 1 }) });
  });

  it('prints tables in place of packets', async () => {
    const { out } = await run(['--stats', '--pairs', '-'], CAPTURE);
    expect(out).not.toContain('heartbeat');
    expect(out).toMatch(/^0xD3 +3 +15 +5 +5 +5 +0.5$/m);
    expect(out).toMatch(/^0xD3→0xD8 +2 +3000 +3000 +3000 +3000 +1 +0$/m);
    expect(out).toMatch(/^0x43→0x48 +0 +- +- +- +- +1 +0$/m);
  });

  it.each([
    [['--type', '0x7'], 'a byte such as 0x73'],
    [['--device', 'lamp'], '8 hex digits'],
    [['--limit', '0'], 'from 1 to'],
  ])('refuses %j and says what was wrong', async (args, reason) => {
    expect((await run([...args, '-'])).err).toContain(reason);
  });

  it('measures the tracked capture as another program did', async () => {
    const capture = corpusFiles().filter((file) => file.endsWith('082038.jsonl'));
    const { out } = await run(['--output', 'json', '--pairs', ...capture]);
    // Measured before by another program; docs/capture.md has both.
    expect(JSON.parse(out)).toMatchObject({
      pairs: {
        '0x23→0x28': { pairs: 25, p50: 44.2, p95: 60.5, strayAnswers: 0, unansweredRequests: 0 },
        '0x43→0x48': { pairs: 381, p50: 43.3, strayAnswers: 0, unansweredRequests: 0 },
        '0x83→0x88': { pairs: 101, strayAnswers: 0, unansweredRequests: 0 },
        '0xC3→0xC8': { pairs: 25, strayAnswers: 0, unansweredRequests: 0 },
        '0xD3→0xD8': { pairs: 658, p50: 42.2, strayAnswers: 0, unansweredRequests: 0 },
      },
    });
  });
});
