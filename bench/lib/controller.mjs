import { built } from './product.mjs';

const { systemClock } = built('kernel/clock');
const { systemRandom } = built('kernel/random');
const { fanOut } = built('kernel/fan-out');
const { Credentials } = built('link/credentials');
const { Listener } = built('link/listener');
const { SessionRegistry } = built('link/session-registry');
const { LegacyTransport } = built('transport/legacy/legacy-transport');
const { LinkDeliverer } = built('transport/link-deliverer');
const { ReliableTransport } = built('transport/reliable/reliable-transport');
const { Lanes } = built('routing/lanes');
const { Router } = built('routing/router');
const { TrafficShare } = built('routing/traffic-share');
const { createLogger, logFacts } = built('telemetry/logger');
const { Recorder } = built('telemetry/recorder');
const { redactedHex } = built('protocol/redact');
const { loadConfig } = built('config/load');

/**
 * The data path of the product in this process: listener, sessions, transports, lanes, and the facts counted as the
 * application counts them; no HTTP. `routed` is followed at once when `router.use` changes it.
 * @param {object} routed @param {number} window
 */
export async function openController(routed, window) {
  const config = loadConfig({ environment: {}, defaults: {} });
  const router = new Router(routed, config.devices.maxDevices);
  const observe = observer();
  const world = { clock: systemClock, random: systemRandom, observe };
  const registry = new SessionRegistry({
    ...world,
    settings: { ...config.devices, timeZone: 'UTC' },
    credentials: new Credentials(new Uint8Array(32), config.devices.maxDevices),
    routeOf: (deviceId) => router.decide(deviceId).transport,
  });
  const deliverer = new LinkDeliverer({
    ...world,
    linkOf: (deviceId) => registry.link(deviceId),
    transports: transportsOf(config, world),
  });
  const lanes = new Lanes({ ...world, router, deliverer, settings: { ...config.lane, window } });
  const listener = new Listener({
    settings: { ...config.devices, host: '127.0.0.1', port: 0, maxSockets: config.devices.maxConnections },
    observe,
    onDuplex: (duplex) => registry.accept(duplex),
  });
  await listener.listen();
  const close = async () => {
    registry.close();
    await listener.close();
  };
  return { router, registry, lanes, port: listener.port, clock: systemClock, close };
}

function transportsOf({ newTransport, legacyTransport }, world) {
  const { retries, retryBaseMs, retryCapMs, retryJitterMs, receiptTimer, replyTimer } = newTransport;
  const retry = { retries, baseMs: retryBaseMs, capMs: retryCapMs, jitterMs: retryJitterMs };
  return [
    new ReliableTransport({ ...world, settings: { retry, receiptTimer, replyTimer } }),
    new LegacyTransport({ ...world, drainTimeoutMs: legacyTransport.drainTimeoutMs }),
  ];
}

function observer() {
  const recorder = new Recorder(1);
  const share = new TrafficShare(systemClock);
  return fanOut([
    (fact) => recorder.record(fact),
    (fact) => (fact.kind === 'routed' ? share.count(fact.transport) : undefined),
    logFacts(createLogger('error', systemClock), redactedHex),
  ]);
}

/** Resolves when the device takes commands and has said which node it is. */
export async function deviceReady({ registry }, deviceId) {
  while (registry.link(deviceId)?.ownNode === undefined)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
