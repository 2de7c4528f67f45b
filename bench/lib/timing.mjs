/**
 * A subject for `interleave`. `loop(count)` does the thing that many times and returns something that depends on all
 * of it, so that the compiler cannot leave any out. Each subject has a loop of its own: one loop that calls them all
 * would measure how it calls.
 * @param {string} name @param {(count: number) => number} loop @param {number} sampleMs
 */
export function looped(name, loop, sampleMs) {
  const count = calibrate(loop, sampleMs);
  return { name, measure: () => ({ ns: (time(loop, count) * 1e6) / count }) };
}

let sink = 0;

/**
 * Milliseconds of processor time, all threads of the process: other work on the machine takes none of it, and what
 * the collector does on the side is not left out.
 */
function time(loop, count) {
  const before = process.cpuUsage();
  sink += loop(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** How often the loop must run for one sample; warms it up on the way. */
function calibrate(loop, sampleMs) {
  let count = 1_000;
  while (time(loop, count) < sampleMs / 2) count *= 2;
  // The last count was partly run before the loop was optimised.
  return Math.max(1_000, Math.round((count * sampleMs) / time(loop, count)));
}

/**
 * Bytes that one turn of the loop allocates: what the heap grew by over batches too small to be collected in between.
 * Wants --expose-gc.
 * @param {(count: number) => number} loop @param {number} batch
 */
export function allocated(loop, batch) {
  const growths = [];
  for (let trial = 0; trial < 51; trial += 1) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    sink += loop(batch);
    growths.push((process.memoryUsage().heapUsed - before) / batch);
  }
  return growths;
}
