import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aroundDollars,
  DAYS_PER_MONTH,
  faceCallDollars,
  paidCalls,
  storeDayDollars,
} from '../../bench/prices.ts';

describe('the price of looking at faces', () => {
  it('is asked for calls that index, search or associate, and for no others', () => {
    expect(
      paidCalls({ IndexFaces: 1, SearchUsers: 2, AssociateFaces: 4, DeleteFaces: 8, CreateUser: 16 }),
    ).toBe(7);
  });

  it.each([
    [0, 0],
    [1, 0.001],
    [1_000_000, 1_000],
    [1_000_001, 1_000.0008],
    [5_000_000, 4_200],
    [35_000_000, 22_200],
    [36_000_000, 22_600],
  ])('is, for %i calls a month, %f dollars', (calls, dollars) => {
    expect(faceCallDollars(calls)).toBeCloseTo(dollars, 6);
  });

  it('never falls with more calls, and per call never rises', () => {
    const calls = fc.integer({ min: 1, max: 100_000_000 });
    fc.assert(
      fc.property(calls, calls, (a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        expect(faceCallDollars(many)).toBeGreaterThanOrEqual(faceCallDollars(few));
        expect(faceCallDollars(many) / many).toBeLessThanOrEqual(faceCallDollars(few) / few + 1e-12);
      }),
    );
  });

  it('charges a store day with its part of the month that all stores share', () => {
    expect(storeDayDollars(1_000, 1)).toBeCloseTo(1, 9);
    const calls = 10_000;
    expect(storeDayDollars(calls, 100) * DAYS_PER_MONTH * 100).toBeCloseTo(
      faceCallDollars(calls * DAYS_PER_MONTH * 100),
      6,
    );
    expect(storeDayDollars(calls, 100)).toBeLessThan(storeDayDollars(calls, 1));
  });
});

describe('the price of what stands around it', () => {
  it('is that of a request, a call, its seconds and its notices', () => {
    expect(aroundDollars(1_000_000, 0, 0)).toBeCloseTo(1.2, 9);
    expect(aroundDollars(1_000_000, 1, 0) - aroundDollars(1_000_000, 0, 0)).toBeCloseTo(13.3334, 6);
    expect(aroundDollars(1_000_000, 0, 1) - aroundDollars(1_000_000, 0, 0)).toBeCloseTo(1.2, 9);
  });
});
