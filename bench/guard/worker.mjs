import { parentPort } from 'node:worker_threads';
import * as runs from './runs.mjs';

parentPort.on('message', (task) => parentPort.postMessage({ task, result: runs[task.kind](task.input) }));
