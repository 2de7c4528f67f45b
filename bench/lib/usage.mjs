import { setTimeout as sleep } from 'node:timers/promises';

/** What this process takes: CPU microseconds so far, and bytes of memory after everything unused was collected. */
export async function usage({ collect = false } = {}) {
  const { user, system } = process.cpuUsage();
  if (collect) await collectAll();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpuMicros: user + system, rss, heapUsed, external };
}

/** Several times and with pauses: memory goes back to the system a little later than to the heap. */
async function collectAll() {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc();
    await sleep(100);
  }
}
