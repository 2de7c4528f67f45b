import { Counter, Histogram, Registry } from 'prom-client';
import { atMost } from '../lib/aim.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { built } from '../lib/product.mjs';
import { looped } from '../lib/timing.mjs';

const { Recorder } = built('telemetry/recorder');
const { CounterSeries, HistogramSeries } = built('telemetry/series');
const { COUNTED } = built('telemetry/catalogue');

const COUNTER_AIM_NS = 20;
const HISTOGRAM_AIM_NS = 60;

export const title = 'A fact becomes a metric';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const loops = { ...seriesLoops(), ...recorderLoops(), ...promLoops() };
  const sampleMs = quick ? 30 : 200;
  const subjects = Object.entries(loops).map(([name, loop]) => looped(name, loop, sampleMs));
  const samples = await interleave(withTwin(subjects, COUNT), quick ? 5 : 15);
  const figure = (name) => samples.figure(name, 'ns', 'ns');
  return {
    figures: [...Object.keys(loops), twinOf(COUNT)].map(figure),
    ratios: [
      samples.ratio(COUNT, twinOf(COUNT), 'ns'),
      samples.ratio(PROM_COUNT, COUNT, 'ns'),
      samples.ratio(PROM_OBSERVE, OBSERVE, 'ns'),
    ],
    aims: [
      atMost('counting one event', figure(COUNT), COUNTER_AIM_NS),
      atMost('a fact that moves one counter', figure(SENT), COUNTER_AIM_NS),
      atMost('one observation of a histogram', figure(OBSERVE), HISTOGRAM_AIM_NS),
      atMost('a fact that moves one counter and one histogram', figure(ANSWER), HISTOGRAM_AIM_NS),
    ],
  };
}

const COUNT = 'CounterSeries.add, two labels';
const OBSERVE = 'HistogramSeries.observe, two labels';
const SENT = 'Recorder.record: a packet sent (one counter)';
const ANSWER = 'Recorder.record: a receipt (one counter, one histogram)';
const SETTLED = 'Recorder.record: a command settled (one counter, two histograms)';
const PROM_COUNT = 'prom-client Counter.inc({ two labels })';
const PROM_OBSERVE = 'prom-client Histogram.observe({ two labels }, value)';

const TRANSPORTS = ['new', 'legacy'];
const KINDS = ['matched', 'orphaned'];
const ANSWERS = ['receipt', 'reply'];
/** Seconds, all over the buckets. */
const TIMES = [0.004, 0.02, 0.03, 0.07, 0.2, 0.4, 0.8, 3];

function seriesLoops() {
  const counter = new CounterSeries(COUNTED.answers);
  const histogram = new HistogramSeries(COUNTED.packetLatency);
  return {
    [COUNT]: (count) => {
      for (let turn = 0; turn < count; turn += 1) counter.add(ANSWERS[turn & 1], KINDS[(turn >> 1) & 1]);
      return counter.samples({}).length;
    },
    [OBSERVE]: (count) => {
      for (let turn = 0; turn < count; turn += 1)
        histogram.observe(TIMES[turn & 7], TRANSPORTS[turn & 1], ANSWERS[(turn >> 1) & 1]);
      return histogram.samples({}).length;
    },
  };
}

function recorderLoops() {
  const recorder = new Recorder(1);
  return {
    [SENT]: recordLoop(
      recorder,
      TIMES.map((_, at) => packetFact({ direction: 'sent', transport: TRANSPORTS[at & 1] })),
    ),
    [ANSWER]: recordLoop(
      recorder,
      TIMES.map((seconds, at) => packetFact({ type: at & 1 ? 0x7b : 0x73, elapsedMs: 1000 * seconds })),
    ),
    [SETTLED]: recordLoop(
      recorder,
      TIMES.map((seconds) => settledFact(1000 * seconds)),
    ),
  };
}

function recordLoop(recorder, facts) {
  return (count) => {
    for (let turn = 0; turn < count; turn += 1) recorder.record(facts[turn & 7]);
    return recorder.samplesOf('packetsSent').length;
  };
}

function packetFact({ direction = 'received', transport = 'new', type = 0x73, elapsedMs = undefined }) {
  const raw = new Uint8Array(36);
  return { kind: 'packet', direction, transport, deviceId: '37962469', type, messageId: 1, raw, elapsedMs };
}

function settledFact(latencyMs) {
  return {
    kind: 'command_settled',
    commandId: 'c',
    deviceId: '37962469',
    transport: 'new',
    outcome: 'applied',
    attempts: 1,
    latencyMs,
    waitedMs: 0,
    generation: 1,
  };
}

/** The same series in the client library, with the same buckets. */
function promLoops() {
  const registers = [new Registry()];
  const { labels: labelNames, buckets } = COUNTED.packetLatency;
  const counter = new Counter({ name: 'answers', help: 'h', labelNames: COUNTED.answers.labels, registers });
  const histogram = new Histogram({ name: 'latency', help: 'h', labelNames, buckets, registers });
  const counted = TIMES.map((_, at) =>
    labelled(COUNTED.answers.labels, [ANSWERS[at & 1], KINDS[(at >> 1) & 1]]),
  );
  const observed = TIMES.map((_, at) => labelled(labelNames, [TRANSPORTS[at & 1], ANSWERS[(at >> 1) & 1]]));
  return {
    [PROM_COUNT]: (count) => {
      for (let turn = 0; turn < count; turn += 1) counter.inc(counted[turn & 7]);
      return count;
    },
    [PROM_OBSERVE]: (count) => {
      for (let turn = 0; turn < count; turn += 1) histogram.observe(observed[turn & 7], TIMES[turn & 7]);
      return count;
    },
  };
}

const labelled = (names, values) => Object.fromEntries(names.map((name, at) => [name, values[at]]));
