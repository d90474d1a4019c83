import { describe, expect, it } from 'vitest';
import { limiter, mapConcurrent } from '#application/support/concurrency.ts';

/** Work that records its own concurrency. */
function crowd() {
  let now = 0;
  let most = 0;
  return {
    most: () => most,
    work: async <Item>(item: Item): Promise<Item> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return item;
    },
  };
}
const items = Array.from({ length: 50 }, (_, index) => index);

describe('work with bounded concurrency', () => {
  it('runs on every item, so many at once and no more, with the results in order', async () => {
    const { most, work } = crowd();
    expect(await mapConcurrent(items, 7, work)).toEqual(items);
    expect(most()).toBe(7);
    expect(await mapConcurrent([], 7, work)).toEqual([]);
  });

  it('starts no item after a failure, and throws the first one after the running ones have ended', async () => {
    const { work } = crowd();
    const begun: number[] = [];
    const ended: number[] = [];
    const failing = mapConcurrent(items, 4, async (item) => {
      begun.push(item);
      await work(item);
      if (item === 5) throw new Error('five');
      ended.push(item);
    });
    await expect(failing).rejects.toThrow('five');
    expect(begun.length).toBeLessThan(12);
    expect(ended.length).toBe(begun.length - 1);
  });
});

describe('a limiter', () => {
  it('runs so many calls at once, and every call in the end', async () => {
    const { most, work } = crowd();
    const through = limiter(5);
    const answers = items.map((item) => through(() => work(item)));
    expect(await Promise.all(answers)).toEqual(items);
    expect(most()).toBe(5);
  });

  it('continues after a failure', async () => {
    const through = limiter(1);
    const failing = through(async () => {
      throw new Error('once');
    });
    await expect(failing).rejects.toThrow('once');
    expect(await through(async () => 7)).toBe(7);
  });
});
