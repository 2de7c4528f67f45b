// Stands for the application of compose.yaml: sends commands to the connected devices at a steady rate, and says each
// minute how they ended. A server that is away is asked again.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const url = process.env.SERVER_URL ?? 'http://pointsman:8080';
const token = readFileSync(process.env.TOKEN_FILE ?? '/run/tokens/token', 'utf8').trim();
const perSecond = Number(process.env.COMMANDS_PER_SECOND ?? 30);

const MAX_IN_FLIGHT = 500;
const PAGE = 1000;
const TIMEOUT_MS = 30_000;

let devices = [];
let inFlight = 0;
let tally = {};

async function ask(path, body) {
  const response = await fetch(new URL(path, url), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && { body: JSON.stringify(body) }),
  });
  return { ok: response.ok, status: response.status, content: await response.json() };
}

async function readDevices() {
  const { ok, status, content } = await ask(`/v1/devices?limit=${PAGE}`);
  if (ok) devices = content.devices.map(({ deviceId }) => deviceId);
  else count(`devices answered ${status}`);
}

async function send() {
  if (devices.length === 0 || inFlight >= MAX_IN_FLIGHT) return;
  const device = devices[Math.floor(Math.random() * devices.length)];
  const wish =
    Math.random() < 0.5
      ? { command: 'power', on: Math.random() < 0.5 }
      : { command: 'brightness', level: 1 + Math.floor(Math.random() * 100) };
  inFlight += 1;
  try {
    const { ok, status, content } = await ask(`/v1/devices/${device}/commands`, wish);
    count(ok ? `${content.outcome} by ${content.transport}` : `${content.code ?? status}`);
  } finally {
    inFlight -= 1;
  }
}

function count(what) {
  tally[what] = (tally[what] ?? 0) + 1;
}

function every(ms, task) {
  setInterval(() => void task().catch(() => count('no answer')), ms);
}

await readDevices().catch(() => count('no answer'));
every(10_000, readDevices);
every(1000 / perSecond, send);
every(60_000, async () => {
  console.log(JSON.stringify({ devices: devices.length, ...tally }));
  tally = {};
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
