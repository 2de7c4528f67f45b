// One device that writes status packets as fast as they are taken, when it is told to. argv: the port of the controller.
import { connect } from 'node:net';
import { serve } from '../lib/process.mjs';

const HANDSHAKE = Buffer.from('230000001a030badcafe001031653037303030303030303030303030303000003c', 'hex');
const STATUS = Buffer.from(
  '83000000250badcafe0001007e01000000fadb130001000005000500db110201010150640000000000ee7e',
  'hex',
);
const BATCH = Buffer.concat(Array(200).fill(STATUS));

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]) });
let flooding = false;
let written = 0;

await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
socket.on('data', () => {});
socket.on('drain', flood);
socket.write(HANDSHAKE);
serve('connected', { start, stop: () => (flooding = false), written: () => written });

function start() {
  flooding = true;
  flood();
}

function flood() {
  if (!flooding) return;
  written += BATCH.length / STATUS.length;
  if (socket.write(BATCH)) setImmediate(flood);
}
