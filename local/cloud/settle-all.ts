/**
 * Waits for all of some work, even where one part fails, and only then throws the first failure. With
 * `Promise.all` a server that comes up after another has failed would belong to nobody and stay.
 */
export async function settleAll<Parts extends readonly unknown[]>(
  parts: readonly [...Parts],
): Promise<{ -readonly [At in keyof Parts]: Awaited<Parts[At]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
