import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byKey, createTokenBucket } from '#local/servers/wire/token-bucket.ts';

describe('a token bucket', () => {
  it('starts full and refills at its rate, up to its size', () => {
    let nowMs = 0;
    const bucket = createTokenBucket({ ratePerSecond: 10, burst: 2 }, () => nowMs);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
    nowMs += 100;
    expect([bucket.take(), bucket.take()]).toEqual([true, false]);
    nowMs += 60_000;
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
  });

  it('repays a debt before it grants again', () => {
    let nowMs = 0;
    const bucket = createTokenBucket({ ratePerSecond: 10, burst: 10 }, () => nowMs);
    bucket.spend(15);
    nowMs += 500;
    expect(bucket.has(1)).toBe(false);
    nowMs += 100;
    expect(bucket.has(1)).toBe(true);
  });

  it('refills nothing when the clock is set back', () => {
    let nowMs = 10_000;
    const bucket = createTokenBucket({ ratePerSecond: 1, burst: 1 }, () => nowMs);
    bucket.take();
    nowMs = 0;
    expect(bucket.take()).toBe(false);
    nowMs += 1_000;
    expect(bucket.take()).toBe(true);
  });

  it('never grants more in a stretch of time than its size and what grew back', () => {
    const rates = fc.record({ ratePerSecond: fc.integer({ min: 0, max: 50 }), burst: fc.nat({ max: 50 }) });
    fc.assert(
      fc.property(rates, fc.array(fc.nat({ max: 500 }), { maxLength: 200 }), (rate, pausesMs) => {
        let nowMs = 0;
        let granted = 0;
        const bucket = createTokenBucket(rate, () => nowMs);
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          if (bucket.take()) granted += 1;
        }
        expect(granted).toBeLessThanOrEqual(rate.burst + (nowMs / 1000) * rate.ratePerSecond + 1e-6);
      }),
    );
  });
});

describe('byKey', () => {
  it('creates one value for each key', () => {
    let created = 0;
    const labelOf = byKey((key: string) => `${key}${++created}`);
    expect([labelOf('a'), labelOf('b'), labelOf('a')]).toEqual(['a1', 'b2', 'a1']);
  });
});
