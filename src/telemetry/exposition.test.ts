import { spawnSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EVERY_FACT, packetFact, planFact, settledFact } from '../../test/support/every-fact';
import { deviceIds } from '../../test/support/plans';
import { ownSeries, scrape, seriesOf } from '../../test/support/scrape';
import { sleep, systemClock } from '../kernel/clock';
import type { Fact } from '../kernel/facts';
import { COUNTED, GAUGES, type Definition } from './catalogue';
import { Recorder } from './recorder';

function recorded(...facts: readonly Fact[]): Recorder {
  const recorder = new Recorder(1);
  for (const fact of facts) recorder.record(fact);
  return recorder;
}

describe('the text of /metrics', () => {
  test('has every series of every metric at zero from the first scrape on', async () => {
    const text = await scrape(new Recorder(1));
    for (const definition of Object.values(COUNTED) as Definition[]) {
      const sets = definition.values.reduce((product, values) => product * values.length, 1);
      const lines = definition.type === 'histogram' ? (definition.buckets ?? []).length + 3 : 1;
      const series = seriesOf(text, definition.name);
      expect([definition.name, series.size]).toEqual([definition.name, sets * lines]);
      expect([...series.values()].filter((value) => value !== 0)).toEqual([]);
    }
    for (const { name } of Object.values(GAUGES))
      expect([name, seriesOf(text, name).size]).toEqual([name, 1]);
  });

  test('shows commands by transport, outcome and generation', async () => {
    const text = await scrape(
      recorded(settledFact(), settledFact({ outcome: 'timeout', transport: 'legacy' })),
    );
    expect(text).toContain(
      [
        '# HELP tcp_comm_command_total Commands that ended, by the outcome that the observer saw on the link',
        '# TYPE tcp_comm_command_total counter',
        'tcp_comm_command_total{transport="new",outcome="applied",generation="1"} 1',
        'tcp_comm_command_total{transport="new",outcome="rejected",generation="1"} 0',
      ].join('\n'),
    );
    expect(text).toContain(
      '\ntcp_comm_command_total{transport="legacy",outcome="timeout",generation="1"} 1\n',
    );
  });

  test('shows latency in cumulative buckets; what was never applied is in +Inf alone', async () => {
    const facts = [120, 900].map((latencyMs) => settledFact({ latencyMs }));
    const text = await scrape(recorded(...facts, settledFact({ outcome: 'timeout', latencyMs: 300 })));
    const bucket = (le: string, value: number): string =>
      `tcp_comm_command_latency_seconds_bucket{transport="new",generation="1",le="${le}"} ${value}`;
    expect(text).toContain(
      [
        '# TYPE tcp_comm_command_latency_seconds histogram',
        bucket('0.05', 0),
        bucket('0.1', 0),
        bucket('0.25', 1),
        bucket('0.5', 1),
        bucket('0.8', 1),
        bucket('1', 2),
        bucket('1.5', 2),
        bucket('2.5', 2),
        bucket('5', 2),
        bucket('10', 2),
        bucket('+Inf', 3),
        'tcp_comm_command_latency_seconds_sum{transport="new",generation="1"} 1.32',
        'tcp_comm_command_latency_seconds_count{transport="new",generation="1"} 3',
      ].join('\n'),
    );
  });

  test('shows the current generation alone, which starts at zero', async () => {
    const text = await scrape(recorded(settledFact(), planFact(2)));
    expect(text).not.toContain('generation="1"');
    expect(text).toContain('tcp_comm_command_total{transport="new",outcome="applied",generation="2"} 0\n');
  });

  test('reads gauges at the moment of the scrape', async () => {
    let percentage = 10;
    const readers = { percentage: () => percentage, effectivePercentage: () => 9.5 };
    expect(await scrape(new Recorder(1), readers)).toContain('\ntcp_comm_canary_percentage 10\n');
    percentage = 0;
    const text = await scrape(new Recorder(1), readers);
    expect(text).toContain('\ntcp_comm_canary_percentage 0\n');
    expect(text).toContain('\ntcp_comm_canary_effective_percentage 9.5\n');
    expect(await scrape(new Recorder(1))).toMatch(/\ntcp_comm_canary_effective_percentage nan\n/i);
  });

  test('shows the process too, without the gauges that are named like counters', async () => {
    const text = await scrape(new Recorder(1));
    expect(text).toContain('\nprocess_cpu_seconds_total ');
    expect(text).not.toMatch(/^nodejs_active_\w+_total/m);
  });

  test('has as many series for 10,000 devices as for none', async () => {
    const recorder = new Recorder(1);
    const before = ownSeries(await scrape(recorder));
    for (const deviceId of deviceIds(10_000)) {
      for (const fact of [settledFact({ deviceId }), packetFact({ deviceId, elapsedMs: 5 })])
        recorder.record(fact);
      for (const kind of ['routed', 'link_ended', 'decode_failed', 'handshake'] as const)
        recorder.record({ ...EVERY_FACT[kind], deviceId });
    }
    expect(ownSeries(await scrape(recorder))).toEqual(before);
    expect(
      seriesOf(await scrape(recorder), 'tcp_comm_routing_decision_total').get(
        'tcp_comm_routing_decision_total{transport="new"}',
      ),
    ).toBe(10_000);
  });

  test('does not keep what it was read from, once nobody holds the registry any more', async () => {
    const scraped = async () => {
      const recorder = new Recorder(1);
      await scrape(recorder);
      return new WeakRef(recorder);
    };
    const recorder = await scraped();
    await sleep(systemClock, 0);
    collectGarbage();
    expect(recorder.deref()).toBeUndefined();
  });

  test('gives promtool nothing to say', async () => {
    const recorder = recorded(...Object.values(EVERY_FACT));
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await scrape(recorder),
      encoding: 'utf8',
    });
    const missing =
      error &&
      `promtool is not on the PATH (${error.message}): apt-get install --no-install-recommends prometheus`;
    expect({ missing, status, said: `${stdout}${stderr}` }).toEqual({
      missing: undefined,
      status: 0,
      said: '',
    });
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
