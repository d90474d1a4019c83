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

describe('a look-up that remembers', () => {
  it('asks once for a while, and again when it is over', async () => {
    const { asked, find, wait } = lookUp({ a: 1 });
    expect([await find('a'), await find('a')]).toEqual([1, 1]);
    wait(999);
    await find('a');
    expect(asked).toEqual(['a']);
    wait(1);
    await find('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('does not remember that there was nothing, so what is new is found at once', async () => {
    const found: Record<string, number> = {};
    const { find } = lookUp(found);
    expect(await find('a')).toBeUndefined();
    found['a'] = 1;
    expect(await find('a')).toBe(1);
  });

  it('forgets what has gone once it has asked again', async () => {
    const found: Record<string, number> = { a: 1 };
    const { find, wait } = lookUp(found);
    await find('a');
    delete found['a'];
    wait(1_000);
    expect(await find('a')).toBeUndefined();
  });
});
