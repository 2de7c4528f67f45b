import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from '../lib/product.mjs';
import { spreadOf } from '../lib/stats.mjs';

const { systemClock } = built('kernel/clock');
const { Days } = built('slo/days');
const { Evaluator } = built('slo/evaluator');
const { DEFAULT_OBJECTIVES } = built('slo/objectives');
const { PrometheusClient } = built('slo/prometheus/client');
const { PrometheusReader } = built('slo/prometheus/reader');
const { metricsOf } = built('slo/prometheus/window-query');
const { RECORDED, RULE_INTERVAL_MS } = built('slo/recorded');
const { Streaks } = built('slo/streaks');

const DAY_S = 86_400;
const GENERATION = 3;
const REPLICAS = [1, 10];
const COPIES = [1, 2, 4];

export const title = 'A look at the objectives, against a Prometheus with 30 days of recorded series';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const days = quick ? 3 : 30;
  const looks = quick ? 5 : 30;
  const objectives = copies(Math.max(...COPIES));
  const server = await started(objectives, days);
  try {
    const figures = [];
    for (const count of COPIES) {
      const times = await timed(
        server.url,
        objectives.slice(0, count * DEFAULT_OBJECTIVES.length),
        looks,
        'r1',
      );
      figures.push(figure(`${count * DEFAULT_OBJECTIVES.length} objectives, 2 transports, 1 replica`, times));
    }
    const many = await timed(server.url, objectives.slice(0, DEFAULT_OBJECTIVES.length), looks, 'r10');
    figures.push(figure(`${DEFAULT_OBJECTIVES.length} objectives, 2 transports, 10 replicas`, many));
    return {
      figures,
      ratios: [],
      aims: [],
      notes: [
        `${days} days, a sample each ${RULE_INTERVAL_MS / 1000} s, ${server.samples} samples of ${objectives.length} objectives.`,
        'A look: one question whether to believe, and three for each objective; the first, which also reads seven days, is left out.',
        'Recorded series are sums over replicas: more of them cost the one question about age and quorum, and nothing else.',
      ],
    };
  } finally {
    server.close();
  }
}

function figure(name, times) {
  return { name, unit: 'ms', ...spreadOf(times), rounds: times.length };
}

function copies(count) {
  return Array.from({ length: count }, (_, at) =>
    DEFAULT_OBJECTIVES.map((objective) => ({
      ...objective,
      name: at === 0 ? objective.name : `${objective.name}-${at}`,
    })),
  ).flat();
}

async function timed(url, objectives, looks, job) {
  const client = new PrometheusClient({
    clock: systemClock,
    settings: { url, timeoutMs: 30_000, bodyLimitBytes: 1_048_576 },
    onSkew: () => {},
  });
  const reader = new PrometheusReader(client, {
    series: 'recorded',
    scrapeIntervalMs: 60_000,
    selector: `job="${job}"`,
    environment: 'bench',
    expectedReplicas: 1,
  });
  const evaluator = new Evaluator({
    objectives,
    reader,
    days: new Days(),
    streaks: new Streaks(),
    bystanders: { gather: () => Promise.resolve({}) },
    compareWitnesses: () => Promise.resolve(),
    versions: { program: '', objectives: '' },
    settings: { blindTicks: 4, concurrency: 8, youngMs: 0 },
    clock: systemClock,
    observe: () => {},
  });
  const times = [];
  for (let look = 0; look <= looks; look += 1) {
    const before = performance.now();
    const judgement = await evaluator.judge({ generation: GENERATION, stage: '', since: '' });
    if (look > 0) times.push(performance.now() - before);
    const unknown = judgement.objectives.find(({ verdict }) => verdict === 'unknown');
    if (unknown) throw new Error(`${unknown.objective} ${unknown.why}`);
  }
  return times;
}

async function started(objectives, days) {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-bench-prometheus-'));
  const samples = store(folder, objectives, days);
  writeFileSync(join(folder, 'prometheus.yml'), '{}');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=60d',
      '--web.listen-address=127.0.0.1:0',
    ],
    { cwd: folder },
  );
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const port = /msg="Listening on" address=[^ \n]*:(\d+)\n/.exec(output)?.[1];
      if (port && output.includes('ready to receive web requests')) resolve(`http://127.0.0.1:${port}`);
    });
  });
  const close = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', close);
  return { url, samples, close };
}

/** The recorded rates of all days, and of the last minutes what says that they may be believed. */
function store(folder, objectives, days) {
  // Some minutes ahead, so that the newest sample stays fresh while the looks are timed.
  const end = Math.floor(Date.now() / 1000) + 600;
  let samples = 0;
  // A day at a time: promtool reads the whole file again for each block that it makes of it.
  for (let from = end - days * DAY_S; from < end;) {
    const to = Math.min((Math.floor(from / DAY_S) + 1) * DAY_S, end);
    samples += storeDay(folder, linesOf(objectives, { from, to, end }));
    from = to;
  }
  return samples;
}

function storeDay(folder, lines) {
  const file = join(folder, 'samples.txt');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const args = [
    'tsdb',
    'create-blocks-from',
    '--max-block-duration=24h',
    'openmetrics',
    file,
    join(folder, 'data'),
  ];
  execFileSync('promtool', args, { maxBuffer: 256 * 1024 * 1024, stdio: 'pipe' });
  rmSync(file);
  return lines.length;
}

/** `end`: of all, and of what is only stored for the last minutes. */
function linesOf(objectives, { from, to, end }) {
  const step = RULE_INTERVAL_MS / 1000;
  const lines = [];
  const series = (labels, since, value) => {
    const first = Math.max(from, since);
    for (let at = Math.ceil(first / step) * step; at < to; at += step)
      lines.push(`${labels} ${value(at)} ${at}`);
  };
  for (const { name } of objectives) {
    for (const transport of ['new', 'legacy']) {
      const labels = `{slo="${name}",transport="${transport}",generation="${GENERATION}"}`;
      series(`${RECORDED.events}${labels}`, from, (at) => 20 + (at % 7));
      series(`${RECORDED.errors}${labels}`, from, (at) => (at % 11) / 10_000);
    }
  }
  for (const count of REPLICAS) {
    for (let replica = 0; replica < count; replica += 1) {
      const about = `job="r${count}",instance="${replica}"`;
      series(`up{${about}}`, end - 1_200, () => 1);
      series(`tcp_comm_build_info{${about},environment="bench"}`, end - 1_200, () => 1);
      for (const metric of metricsOf(objectives)) series(`${metric}{${about}}`, end - 1_200, (at) => at);
    }
  }
  return lines;
}
