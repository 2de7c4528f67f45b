// A server that answers whatever comes: the far end of the toggler's test framing.
import { createServer } from 'node:net';
import { serve } from '../lib/process.mjs';

const server = createServer((socket) => {
  socket.on('data', () => socket.write('ok'));
  socket.on('error', () => {});
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
serve({ port: server.address().port }, {});
