import { describe, expect, it } from 'vitest';
import { cachedFor } from '#functions/shared/ttl-cache.ts';

function lookUp(found: Record<string, number>) {
  let nowMs = 0;
  const asked: string[] = [];
  const find = async (key: string) => {
    asked.push(key);
    return found[key];
  };
  return { asked, find: cachedFor(find, 1_000, () => nowMs), wait: (ms: number) => (nowMs += ms) };
}

describe('a cached look-up', () => {
  it('reads once within the time to live, and again after it', async () => {
    const { asked, find, wait } = lookUp({ a: 1 });
    expect([await find('a'), await find('a')]).toEqual([1, 1]);
    wait(999);
    await find('a');
    expect(asked).toEqual(['a']);
    wait(1);
    await find('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('does not cache absence, so that a new value is found at once', async () => {
    const found: Record<string, number> = {};
    const { find } = lookUp(found);
    expect(await find('a')).toBeUndefined();
    found['a'] = 1;
    expect(await find('a')).toBe(1);
  });

  it('drops a deleted value with the next read', async () => {
    const found: Record<string, number> = { a: 1 };
    const { find, wait } = lookUp(found);
    await find('a');
    delete found['a'];
    wait(1_000);
    expect(await find('a')).toBeUndefined();
  });
});
