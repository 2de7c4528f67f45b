/** Does all of it, at most so much at once, and keeps the order of the results. */
export async function inParallel<T>(limit: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results = new Array<T>(tasks.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next;
      next += 1;
      results[at] = await (tasks[at] as () => Promise<T>)();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, work));
  return results;
}
