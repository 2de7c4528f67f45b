// Devices that answer by fixed offsets and know nothing else: how quick the other side can be at most.
// argv: how many, and the port of the controller. A bare echo server takes them for the same price.
import { connect } from 'node:net';
import { serve } from '../lib/process.mjs';

const HEADER = 5;
const COMMAND = 0x73;
const ANNOUNCE = 0xa3;
const HANDSHAKE = Buffer.from('230000001a030000000000103030303030303030303030303030303000003c', 'hex');
const ANNOUNCE_ANSWER = Buffer.from('ab0000001500000000000000070009786c696e6b5f6465760000', 'hex');
/** The node that the device is itself, number 1: without it commands must name a node. */
const OWN_NODE = Buffer.from('430000001a0000000001010605001001000000000000010000000000000000', 'hex');
const RECEIPT = Buffer.from('7b0000000700000000000000', 'hex');
const REPLY = Buffer.from('7300000013000000000000007e00000000f9d0010000d17e', 'hex');
const ANSWER = Buffer.concat([RECEIPT, REPLY]);

const [count, port] = process.argv.slice(2).map(Number);
let taken = 0;

await Promise.all(Array.from({ length: count }, (_, index) => dial(index + 1)));
serve('connected', { taken: () => taken });

function dial(deviceId) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, resolve);
    let held = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.write(addressed(HANDSHAKE, 6, deviceId));
    socket.on('data', (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = answerAll(socket, bytes, deviceId);
      held = bytes.subarray(end);
    });
  });
}

/** Answers the whole packets in one write, and returns where the rest begins. */
function answerAll(socket, bytes, deviceId) {
  const out = Buffer.allocUnsafe((bytes.length / HEADER) * ANSWER.length);
  let length = 0;
  let at = 0;
  while (bytes.length - at >= HEADER) {
    const end = at + HEADER + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) break;
    if (bytes[at] === COMMAND) length = answerTo(bytes, at, out, length);
    if (bytes[at] === ANNOUNCE) socket.write(announced(bytes, at, deviceId));
    at = end;
  }
  if (length > 0) socket.write(out.subarray(0, length));
  return at;
}

/** 0x7B and F9, with the ids and the sequence of the command. Returns where the next answer begins. */
function answerTo(bytes, at, out, start) {
  taken += 1;
  out.set(ANSWER, start);
  const reply = start + RECEIPT.length;
  for (let offset = HEADER; offset < 11; offset += 1) {
    out[start + offset] = bytes[at + offset];
    out[reply + offset] = bytes[at + offset];
  }
  for (let offset = 13; offset < 17; offset += 1) out[reply + offset] = bytes[at + offset];
  return start + ANSWER.length;
}

function announced(bytes, at, deviceId) {
  const answer = addressed(ANNOUNCE_ANSWER, HEADER, deviceId);
  bytes.copy(answer, 9, at + 9, at + 11);
  return Buffer.concat([answer, addressed(OWN_NODE, HEADER, deviceId)]);
}

function addressed(packet, offset, deviceId) {
  const copy = Buffer.from(packet);
  copy.writeUInt32BE(deviceId, offset);
  return copy;
}
