// Asks a server for commands over 50 connections, each for devices of its own.
import autocannon from 'autocannon';
import { serve } from '../lib/process.mjs';

const CONNECTIONS = 50;

serve('ready', { load });

/** @param {{ port: number, deviceIds: string[], seconds: number }} what */
async function load({ port, deviceIds, seconds }) {
  let next = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: seconds,
    // Two connections that asked for one device would wait for each other.
    setupClient: (client) => client.setRequests(requestsOf(deviceIds, next++)),
  });
  if (result.requests.total === 0) throw new Error('no request was answered');
  if (result.errors + result.timeouts + result.non2xx > 0)
    throw new Error(`${result.errors} errors, ${result.timeouts} timeouts, ${result.non2xx} refusals`);
  return {
    requests: result.requests.total,
    seconds: result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

function requestsOf(deviceIds, connection) {
  return deviceIds
    .filter((_, index) => index % CONNECTIONS === connection % CONNECTIONS)
    .map((id, index) => ({
      method: 'POST',
      path: `/v1/devices/${id}/commands`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'power', on: index % 2 === 0 }),
    }));
}
