import { Worker } from 'node:worker_threads';

/** Waits on a thread of its own, because the loop it watches over may stand still: a log that nobody reads blocks it. */
const WAIT_AND_KILL = `
  const { workerData } = require('node:worker_threads');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData);
`;

/** Kills this process in `deadlineMs`, unless it has ended by itself until then; it does not keep it from ending. */
export function endAtTheLatestIn(deadlineMs: number): void {
  new Worker(WAIT_AND_KILL, { eval: true, workerData: deadlineMs }).unref();
}
