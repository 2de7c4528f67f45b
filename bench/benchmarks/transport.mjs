import { createServer } from 'node:net';
import { atLeast, atMost } from '../lib/aim.mjs';
import { deviceReady, openController } from '../lib/controller.mjs';
import { interleave, twinOf, withTwin } from '../lib/interleave.mjs';
import { Peer } from '../lib/process.mjs';
import { allOn, built } from '../lib/product.mjs';
import { percentile, spreadOf } from '../lib/stats.mjs';

const { Lanes } = built('routing/lanes');
const { Router } = built('routing/router');
const { encodePacket } = built('protocol/codec');
const { actionFrame } = built('protocol/actions');

const WINDOW = 64;
const DEVICE_ID = '00000001';
const ACTION = { command: 'power', on: true };
/** 0x7B and F9. */
const ANSWER_BYTES = 36;
const COMMAND = encodePacket({
  kind: 'data',
  deviceId: 1,
  messageId: 1,
  flag: 0,
  inner: actionFrame(ACTION, 1, 0x010101),
});

export const title = 'A command and its answers over loopback, one connection';

/** @param {{ quick: boolean }} options */
export async function run({ quick }) {
  const product = await openController({ lane: { window: WINDOW } });
  const bare = await openBare();
  const devices = [
    new Peer('echo-devices.mjs', ['1', product.ports.devicesPlain]),
    new Peer('echo-devices.mjs', ['1', bare.port]),
  ];
  await Promise.all(devices.map((peer) => peer.ready()));
  await deviceReady(product, DEVICE_ID);
  await bare.connected;
  const commands = quick ? 5_000 : 20_000;
  const samples = await measure(subjectsOf(product, bare, commands), quick);
  const memory = await memoryPerCommand(onProduct(product, 'new'));
  await Promise.all([...devices.map((peer) => peer.stop()), product.close(), bare.close()]);
  return result(samples, memory);
}

const NEW = 'new transport, window 1';
const LEGACY = 'legacy, window 1';
const BARE = 'bare net echo, window 1';
const NEW_WIDE = `new transport, window ${WINDOW}`;
const BARE_WIDE = `bare net echo, window ${WINDOW}`;

async function measure(subjects, quick) {
  await interleave(subjects, 1);
  return interleave(withTwin(withTwin(subjects, NEW), NEW_WIDE), quick ? 5 : 15);
}

function subjectsOf(product, bare, commands) {
  const over = (name, send, window, total) => ({ name, measure: () => exchange({ send, window, total }) });
  const onBare = (onAnswer) => bare.sender(onAnswer);
  return [
    over(NEW, onProduct(product, 'new'), 1, commands),
    over(LEGACY, onProduct(product, 'legacy'), 1, commands),
    over(BARE, onBare, 1, commands),
    over(NEW_WIDE, onProduct(product, 'new'), WINDOW, commands * 5),
    over(BARE_WIDE, onBare, WINDOW, commands * 10),
  ];
}

function onProduct(product, transport) {
  return (onAnswer) => {
    product.container.get(Router).use(allOn(transport));
    return productSender(product, onAnswer);
  };
}

/**
 * Keeps `window` commands under way until `total` were answered. `send(onAnswer)` gives a function that transmits
 * some; `onAnswer` is told how many were answered at once.
 */
function exchange({ send, window, total }) {
  return new Promise((resolve) => {
    const latencies = new Float64Array(window === 1 ? total : 0);
    let answered = 0;
    let sent = 0;
    let sentAt = 0;
    const transmit = send((count) => {
      if (window === 1) latencies[answered] = performance.now() - sentAt;
      answered += count;
      if (answered === total) return resolve(rates(latencies, total, performance.now() - startedAt));
      next(Math.min(count, total - sent));
    });
    const next = (count) => {
      if (count === 0) return;
      sent += count;
      sentAt = performance.now();
      transmit(count);
    };
    const startedAt = performance.now();
    next(window);
  });
}

function rates(latencies, total, elapsedMs) {
  const rate = (total * 1000) / elapsedMs;
  if (latencies.length === 0) return { rate };
  return { rate, p50: 1000 * percentile(latencies, 0.5), p99: 1000 * percentile(latencies, 0.99) };
}

/**
 * What the heap grows by per command, and how much of that small collections leave. So few commands that nothing is
 * collected while they run; behind a full collection, as in every process that has run for a while.
 */
async function memoryPerCommand(send) {
  const total = 300;
  const grown = { allocated: [], left: [] };
  for (let trial = 0; trial < 31; trial += 1) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    const bytes = () => (process.memoryUsage().heapUsed - before) / total;
    await exchange({ send, window: WINDOW, total });
    grown.allocated.push(bytes());
    // What is still young after the first one is not after the second.
    for (let turn = 0; turn < 2; turn += 1) globalThis.gc({ type: 'minor' });
    grown.left.push(bytes());
  }
  const figure = (name, values) => ({ name, unit: 'B', ...spreadOf(values), rounds: values.length });
  return [
    figure(`allocated per command, window ${WINDOW}`, grown.allocated),
    figure('of that, left by small collections', grown.left),
  ];
}

function productSender({ container, clock }, onAnswer) {
  const lanes = container.get(Lanes);
  const onReceipt = ({ outcome, attempts }) => {
    if (outcome !== 'applied' || attempts !== 1) throw new Error(`${outcome} after ${attempts} attempts`);
    onAnswer(1);
  };
  return (count) => {
    const deadlineAt = clock.now() + 5_000;
    for (let left = count; left > 0; left -= 1)
      void lanes
        .submit({ id: 'bench', deviceId: DEVICE_ID, action: ACTION, node: undefined, deadlineAt })
        .then(onReceipt);
  };
}

/** A server that writes the same command bytes, and counts the bytes that come back. */
async function openBare() {
  const batch = Buffer.concat(Array(WINDOW).fill(COMMAND));
  let socket;
  let onBytes = () => {};
  let onConnected;
  const connected = new Promise((resolve) => (onConnected = resolve));
  const server = createServer((accepted) => {
    socket = accepted.setNoDelay(true);
    // The handshake of the device comes first and is of no interest.
    socket.once('data', () => {
      socket.on('data', (chunk) => onBytes(chunk.length));
      onConnected();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sender = (onAnswer) => {
    let held = 0;
    onBytes = (count) => {
      held += count;
      const answers = Math.floor(held / ANSWER_BYTES);
      held %= ANSWER_BYTES;
      if (answers > 0) onAnswer(answers);
    };
    return (count) => socket.write(batch.subarray(0, count * COMMAND.length));
  };
  const close = async () => {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: server.address().port, connected, sender, close };
}

function result(samples, memory) {
  const times = (key) =>
    [NEW, LEGACY, BARE, twinOf(NEW)].map((name) => samples.figure(name, key, 'µs', `${name}: ${key}`));
  const throughputs = [NEW_WIDE, BARE_WIDE, twinOf(NEW_WIDE)].map((name) =>
    samples.figure(name, 'rate', 'commands/s'),
  );
  const slower = samples.ratio(NEW, BARE, 'p50', `p50, ${NEW} : ${BARE}`);
  const share = samples.ratio(NEW_WIDE, BARE_WIDE, 'rate');
  return {
    figures: [...times('p50'), ...times('p99'), ...throughputs, ...memory],
    ratios: [
      slower,
      samples.ratio(LEGACY, BARE, 'p50', `p50, ${LEGACY} : ${BARE}`),
      samples.ratio(NEW, twinOf(NEW), 'p50', `p50, ${NEW} : ${twinOf(NEW)}`),
      share,
      samples.ratio(NEW_WIDE, twinOf(NEW_WIDE), 'rate'),
    ],
    aims: [
      atMost('median round trip of the new transport, in that of the bare echo', slower, 1.5),
      atLeast('throughput of the new transport, in that of the bare echo', share, 0.5),
    ],
    notes: [`A command is ${COMMAND.length} bytes, its 0x7B and F9 together ${ANSWER_BYTES}.`],
  };
}
