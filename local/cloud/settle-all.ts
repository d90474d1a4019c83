/**
 * Waits until all promises have settled, even where one rejects, and then rejects with the first failure.
 * With `Promise.all` a server that starts after another has failed would never be closed.
 */
export async function settleAll<Parts extends readonly unknown[]>(
  parts: readonly [...Parts],
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
