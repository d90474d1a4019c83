/** Bounded concurrency: a batch of a thousand writes must not open a thousand sockets. */

/**
 * Runs `work` on each item, at most `atOnceMax` at a time, and returns the results in the order of the items.
 *
 * @throws the first failure, after the work that was already running has ended; no further work is started
 */
export async function mapConcurrent<Item, Result>(
  items: readonly Item[],
  atOnceMax: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await work(items[index] as Item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}

/** Returns a function that runs calls at most `atOnceMax` at a time; the others wait in the order they were made. */
export function limiter(atOnceMax: number): <Result>(call: () => Promise<Result>) => Promise<Result> {
  let open = atOnceMax;
  const waiting: Array<() => void> = [];
  return async (call) => {
    if (open > 0) open--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) open++;
      else next();
    }
  };
}
