// The record of a simulation as a page.
import { bounds } from './bounds.mjs';

const P0 = 0.001;
const DAY_HOURS = 24;

export function markdown({ size, seed, date, sections }) {
  const of = (kind) => sections.find((section) => section.kind === kind).cells;
  return `# Guard: simulation

Written by \`npm run bench:guard -- --size ${size} --seed ${seed} --out docs/guard-simulation.md\` on ${date}; do not edit. The same
command gives the same tables on any machine. What is run is the product's own guard (\`src/slo/guard\`): its device
records, its test, its run rule; for total failure the whole of it, command by command. What is made up is the fleet:
commands by chance at a steady or daily rate, 0.1 % of them bad on either path, unless a table says otherwise. [guard.md](guard.md)
explains the words.

${healthyPart(of('healthy'))}
${morePart(of('moreFailures'))}
${totalPart(of('totalFailure'))}
${brokenPart(of('newlyBroken'))}
## What this does not show

Latencies as a distribution, breakage that concentrates on a site, replicas that hand devices over, base rates other than
0.1 % for the delays. Healthy devices without a recent failure are drawn as counts. A shared outage that reaches new a second or
more before legacy is blamed on new; that is a property of the method and not simulated here.
`;
}

function healthyPart(cells) {
  const { hours, darkHours } = cells[0].about;
  const rows = [...grouped(cells, ({ about }) => about.broken)].map(([broken, group]) => {
    const results = group.flatMap((cell) => cell.results);
    return [
      percent(broken),
      results.length,
      ...['guard', 'raw', 'sliding', 'counter'].map((name) => tripped(results, name)),
    ];
  });
  const all = cells.flatMap((cell) => cell.results);
  const guard = all.filter((result) => result.guard);
  const days = (all.length * hours) / DAY_HOURS;
  const bySize = [...grouped(cells, ({ about }) => `${about.fleet} ${about.rate}`)].map(([, group]) => {
    const { fleet, rate } = group[0].about;
    return [
      whole(fleet),
      whole(rate),
      ...[...grouped(group, ({ about }) => about.share)].map(([, same]) => {
        const results = same.flatMap((cell) => cell.results);
        return `${tripped(results, 'guard')} · ${tripped(results, 'raw')}`;
      }),
    ];
  });
  return `## A healthy canary

${hours} hours after ${darkHours} hours of dark launch, in which the limits are measured. Both paths are equal. So many of the devices are broken
before anything moves, half of them for good and half for 20 minutes of every 140; 0.1 % more break each day; traffic swings
by ± 80 % over the day. Rule H, the run rule, is included. Runs rolled back:

${table(['broken before', 'runs', 'guard', 'same test on raw messages', 'sliding window, α = 1 %', 'counter, limit 3'], rows)}

Together **${guard.length} of ${all.length} runs** of the guard${guard.length > 0 ? ` (${guard.map((result) => result.guard).join(', ')})` : ''}: ${rate(guard.length, days)} in 100 days, over ${whole(days)} simulated days; with 95 % confidence less than ${upper(guard.length, all.length)} of runs of ${hours} hours.

By fleet, commands per second and share of new, over all shares of broken devices: guard · same test on raw messages.

${table(['fleet', 'commands/s', '10 %', '50 %', '95 %'], bySize)}
`;
}

function morePart(cells) {
  const rows = cells.map(({ about, results }) => {
    const legacy = (about.newRate * (1 - about.share)) / about.share;
    const best = bounds({ n1: about.newRate, n0: legacy, p0: P0, ratio: about.ratio });
    return [
      percent(about.share),
      whole(about.newRate),
      `×${about.ratio}`,
      spread(results, 'guard'),
      time(best.known),
      time(best.blameless),
      spread(results, 'raw'),
      spread(results, 'sliding'),
      spread(results, 'counter'),
    ];
  });
  const head = [
    'share',
    'new/s',
    'failures',
    'guard',
    'K',
    'C',
    'same test on raw messages',
    'sliding window',
    'counter',
  ];
  return `## More failures on new

${cells[0].results.length} runs a cell. From the fault to the rollback, 1.5 s for the missing reply included: median / 95th percentile. At most ${cells[0].about.maxHours} hours; what
is later counts as not seen. K is the least mean delay of a rule that knows the base rate and may blame new for a shared outage, C that of one
which may not (Lorden 1971, first order, one false alarm in 100 days; without the 1.5 s). The sliding window is quick because it also
rolls back healthy canaries, as the table above shows. Without broken devices raw messages are as good as devices.

${table(head, rows)}
`;
}

function totalPart(cells) {
  const rows = cells.map(({ about, results }) => [
    about.failing === 1 ? 'all' : percent(about.failing),
    percent(about.share),
    whole(about.newRate),
    spread(results, 'delay'),
    percent(results.filter(({ delay }) => delay !== null && delay <= 2).length / results.length),
    rulesOf(results),
  ]);
  return `## Total failure

${cells[0].results.length} runs a cell, a fleet of 10,000, every command through the whole guard. From the moment from which commands on new are not answered any more.

${table(['failing', 'share', 'new/s', 'median / 95th', 'within 2 s', 'by'], rows)}
`;
}

function brokenPart(cells) {
  const rows = [...grouped(cells, ({ about }) => `${about.fleet} ${about.rate} ${about.share}`)].map(
    ([, group]) => {
      const { fleet, rate: perSecond, share } = group[0].about;
      const seen = group.map(({ results }) => {
        const found = results.filter(({ delay }) => delay !== null).length;
        return `${percent(found / results.length)}, ${spread(results, 'delay')}`;
      });
      return [whole(fleet), whole(perSecond), percent(share), ...seen];
    },
  );
  return `## Newly broken devices

${cells[0].results.length} runs a cell. So many of the moved devices stop answering at one moment: seen within ${cells[0].about.maxHours} hours, median / 95th percentile.

${table(['fleet', 'commands/s', 'share', ...[...new Set(cells.map(({ about }) => about.fraction))].map((fraction) => `${percent(fraction)} break`)], rows)}
`;
}

/** Node 20 has no Map.groupBy. */
function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}

function tripped(results, name) {
  return results.filter((result) => result[name]).length;
}

function rulesOf(results) {
  const counts = grouped(
    results.filter(({ rule }) => rule !== null),
    ({ rule }) => rule,
  );
  return [...counts].map(([rule, runs]) => `${rule} ${runs.length}`).join(', ');
}

/** Runs in which nothing was seen count as later than all others. */
function spread(results, name) {
  const delays = results.map((result) => result[name] ?? Infinity).sort((a, b) => a - b);
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
  return delays[0] === Infinity ? 'never' : `${time(at(0.5))} / ${time(at(0.95))}`;
}

function time(seconds) {
  if (seconds === Infinity) return '–';
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}

/** The upper end of the 95 % interval of a share (Wilson), or the rule of three. */
function upper(hits, count) {
  if (hits === 0) return percent(3 / count);
  const z = 1.96;
  const share = hits / count;
  const middle = share + z ** 2 / (2 * count);
  const width = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return percent((middle + width) / (1 + z ** 2 / count));
}

function rate(hits, days) {
  return ((hits * 100) / days).toFixed(2);
}

function percent(share) {
  return `${Math.round(share * 10_000) / 100} %`;
}

function whole(count) {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
