// Sockets that are accepted and read from, and nothing more. argv: options as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { serve } from '../lib/process.mjs';
import { built } from '../lib/product.mjs';
import { usage } from '../lib/usage.mjs';

const { tls = false } = JSON.parse(process.argv[2] ?? '{}');
const { DEVICE_TLS } = built('link/tls-policy');

const sockets = new Set();
const accept = (socket) => {
  sockets.add(socket);
  socket.on('data', () => {});
  socket.on('error', () => {});
};
const server = tls ? createTlsServer({ ...DEVICE_TLS, ...(await identity()) }, accept) : createServer(accept);
await new Promise((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
const { port } = server.address();
serve({ devicesPlain: port, devicesTls: port }, { usage });

/** A certificate of the kind that the product makes for itself. */
async function identity() {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
  try {
    return await built('link/certificate').ownIdentity(folder, Date.now());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
