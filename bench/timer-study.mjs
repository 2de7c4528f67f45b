// What the adaptive timers of the new transport cost and give, over the three captured distributions of the 0x7B:
// repeats of commands that were not lost, and how long a lost one waits for its repeat. Virtual time, seeded: the same
// figures every time. `node bench/timer-study.mjs --write` puts the table into docs/timers.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { built } from './lib/product.mjs';

const { RoundTrip } = built('transport/delivery/round-trip');
const { specProfile } = built('transport/delivery/profiles');
const { retryDelay } = built('kernel/retry-schedule');
const { seededRandom } = built('kernel/random');
const { TIMING_PROFILES, drawDelays } = built('simulator/timing');

const COMMANDS = 50_000;
const SEED = 20251106;
const RETRY = { baseMs: 250, capMs: 5_000, jitterMs: 100, retries: 3 };
const PAGE = new URL('../docs/timers.md', import.meta.url);
const BEGIN = '<!-- generated:timers -->';
const END = '<!-- /generated -->';

const DISTRIBUTIONS = [
  ['LAN, idle', 'local'],
  ['cloud, single', 'cloud'],
  ['LAN, bursts', 'bursts'],
];

/** Receipt and reply timer of each candidate: floor, first and cap in milliseconds. */
const CANDIDATES = [
  ['floor 100, first 500', timers(100, 500, 400, 1_000)],
  ['floor 250, first 1000', timers(250, 1_000, 1_000, 2_500)],
  ['floor 500, first 1000', timers(500, 1_000, 1_500, 2_500)],
  ['floor 600, first 1000', timers(600, 1_000, 1_500, 2_500)],
  ['floor 1000, first 1500', timers(1_000, 1_500, 2_000, 3_000)],
  ['spec, fixed 127.5', specProfile(RETRY, {})],
];

function timers(floorMs, firstMs, replyFloorMs, replyFirstMs) {
  return {
    receiptTimer: { floorMs, firstMs, capMs: 5_000 },
    replyTimer: { floorMs: replyFloorMs, firstMs: replyFirstMs, capMs: 10_000 },
  };
}

/** Plays commands of which none is lost, one after the other, as the transport would time them. */
function play({ receiptTimer, replyTimer }, timing) {
  const random = seededRandom(SEED);
  const pace = { receipt: new RoundTrip(receiptTimer), reply: new RoundTrip(replyTimer) };
  const waits = [];
  let repeatedForReceipt = 0;
  let repeatedForReply = 0;
  for (let command = 0; command < COMMANDS; command += 1) {
    const { receiptMs, replyMs } = drawDelays(timing, random);
    const pause = retryDelay(RETRY, 0, random);
    const wait = pace.receipt.timeoutMs + pause;
    waits.push(wait);
    const early = receiptMs > wait;
    const earlyReply = !early && replyMs - receiptMs > pace.reply.timeoutMs + pause;
    if (early) repeatedForReceipt += 1;
    if (earlyReply) repeatedForReply += 1;
    teach(pace, { receiptMs, replyMs, early, earlyReply });
  }
  return { waits, repeatedForReceipt, repeatedForReply };
}

/** As the delivery does: a command that was repeated teaches nothing but to wait longer. */
function teach(pace, { receiptMs, replyMs, early, earlyReply }) {
  if (early) return pace.receipt.backOff();
  pace.receipt.sample(receiptMs);
  return earlyReply ? pace.reply.backOff() : pace.reply.sample(replyMs);
}

function row(name, settings) {
  const cells = DISTRIBUTIONS.map(([, profile]) => {
    const { waits, repeatedForReceipt, repeatedForReply } = play(settings, TIMING_PROFILES[profile][0]);
    waits.sort((one, other) => one - other);
    const at = (quantile) => Math.round(waits[Math.floor(quantile * (waits.length - 1))]);
    const percent = (count) => ((100 * count) / COMMANDS).toFixed(2);
    return `${percent(repeatedForReceipt)} + ${percent(repeatedForReply)} | ${at(0.5)} / ${at(0.95)}`;
  });
  return `| ${name} | ${cells.join(' | ')} |`;
}

const heads = DISTRIBUTIONS.flatMap(([name]) => [`${name}: early %`, 'wait p50 / p95 ms']);
const table = [
  `| timers | ${heads.join(' | ')} |`,
  `|${' --- |'.repeat(heads.length + 1)}`,
  ...CANDIDATES.map(([name, settings]) => row(name, settings)),
].join('\n');

process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest.split(END)[1];
  writeFileSync(fileURLToPath(PAGE), `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
}
