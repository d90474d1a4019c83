/** Work on many things, a bounded number at once: a batch of a thousand writes must not open a thousand sockets. */

/** Runs `work` on each item; the first failure stops the start of further ones and is thrown when the running have ended. */
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

/** A gate that lets a bounded number of calls through at once, whoever makes them; the others wait in the order they came. */
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
