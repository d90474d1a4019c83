import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a64, isHeldOut, shareOfHash } from '#domain/campaigns/holdout.ts';
import type { CampaignId, PersonId } from '#domain/chain/ids.ts';

const campaign = (name: string) => name as CampaignId;
const person = (index: number) => `p.${String(index).padStart(26, '0')}` as PersonId;

describe('the hash', () => {
  // Test vectors of draft-eastlake-fnv, appendix C.
  it.each([
    ['', 0xcbf29ce484222325n],
    ['a', 0xaf63dc4c8601ec8cn],
    ['b', 0xaf63df4c8601f1a5n],
    ['foobar', 0x85944171f73967e8n],
  ])('is FNV-1a of %j', (text, hash) => {
    expect(fnv1a64(text)).toBe(hash);
  });

  it('is pinned, so that a customer who is held out today is held out tomorrow', () => {
    expect(shareOfHash(campaign('autumn'), person(1))).toBe(0.340632234409215);
    expect(shareOfHash(campaign('winter'), person(1))).toBe(0.3635541666243868);
  });
});

const PERSONS = 20_000;
const CELLS = 20;

/** Σ (found − expected)² ÷ expected. */
const chiSquare = (counts: readonly number[], total: number): number => {
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};

const placesOf = (name: string): number[] =>
  Array.from({ length: PERSONS }, (_, index) => shareOfHash(campaign(name), person(index)));

describe('the randomisation', () => {
  const autumn = placesOf('autumn');
  const winter = placesOf('winter');

  it('is uniform over consecutive ids', () => {
    for (const places of [autumn, winter]) {
      const counts = Array.from({ length: CELLS }, () => 0);
      for (const place of places)
        counts[Math.floor(place * CELLS)] = (counts[Math.floor(place * CELLS)] ?? 0) + 1;
      // With 19 degrees of freedom 43.8 is exceeded by chance once in a thousand.
      expect(chiSquare(counts, PERSONS)).toBeLessThan(43.8);
    }
  });

  it('is independent between campaigns', () => {
    const side = 5;
    const counts = Array.from({ length: side * side }, () => 0);
    autumn.forEach((place, index) => {
      const cell = Math.floor(place * side) * side + Math.floor((winter[index] ?? 0) * side);
      counts[cell] = (counts[cell] ?? 0) + 1;
    });
    // With 24 degrees of freedom 51.2, likewise.
    expect(chiSquare(counts, PERSONS)).toBeLessThan(51.2);
    const both = autumn.filter((place, index) => place < 0.1 && (winter[index] ?? 1) < 0.1).length;
    expect(both / PERSONS).toBeGreaterThan(0.007);
    expect(both / PERSONS).toBeLessThan(0.013);
  });

  it('holds out the given share of customers', () => {
    for (const share of [0, 0.05, 0.1, 0.5]) {
      const held = Array.from({ length: PERSONS }, (_, index) =>
        isHeldOut(campaign('autumn'), person(index), share),
      );
      const found = held.filter(Boolean).length / PERSONS;
      expect(Math.abs(found - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / PERSONS));
    }
  });

  it('lies in [0, 1), is deterministic, and the holdout of a lower share is a subset', () => {
    const share = fc.double({ min: 0, max: 0.5, noNaN: true });
    const names = fc.tuple(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/), fc.nat({ max: 1_000_000 }));
    fc.assert(
      fc.property(names, share, share, ([name, index], a, b) => {
        const place = shareOfHash(campaign(name), person(index));
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThan(1);
        expect(shareOfHash(campaign(name), person(index))).toBe(place);
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        if (isHeldOut(campaign(name), person(index), less))
          expect(isHeldOut(campaign(name), person(index), more)).toBe(true);
      }),
    );
  });
});
