import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clippedTo,
  equalIntervals,
  type Interval,
  lengthMs,
  longestOverlapMs,
  union,
} from '#domain/place/visits/intervals.ts';
import {
  COARSE_MS,
  type Evidence,
  emptyVisitorDay,
  equalEvidence,
  equalParts,
  equalUntil,
  evidenceOf,
  evidenceOfDay,
  INTERVALS_PER_PART_MAX,
  joinEvidence,
  NO_EVIDENCE,
  offsetAt,
  presenceOf,
  SNAPSHOT_GAP_MS_MAX,
  withoutParts,
  withParts,
} from '#domain/place/visits/visitor-day.ts';
import {
  ANN,
  BEN,
  held,
  keyOf,
  minute,
  sightingOf,
  sightings,
  stayOf,
  zone,
} from '../../../support/sightings.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 10 }))
  .map(([fromMs, length]): Interval => ({ fromMs, toMs: fromMs + length }));
const intervals = fc.array(interval, { maxLength: 12 });
const list = intervals.map((one) => union(one));
/** Every half moment of a list, counted one by one: two that touch at a moment share it, two that lie side by side do not. */
const momentsOf = (one: readonly Interval[]): Set<number> =>
  new Set(
    one.flatMap(({ fromMs, toMs }) =>
      Array.from({ length: 2 * (toMs - fromMs) + 1 }, (_, half) => fromMs + half / 2),
    ),
  );
const evidence = sightings.map((all) => all.map(evidenceOf).reduce(joinEvidence));

describe('a list of stretches', () => {
  it('holds the moments that were given, each once, in order, and none that touch', () => {
    fc.assert(
      fc.property(intervals, (given) => {
        const joined = union(given);
        expect(momentsOf(joined)).toEqual(momentsOf(given));
        joined.slice(1).forEach((one, index) => {
          expect(one.fromMs).toBeGreaterThan(joined[index]?.toMs ?? 0);
        });
        expect(2 * lengthMs(joined)).toBe(momentsOf(given).size - joined.length);
      }),
    );
  });

  it('is the same whether gaps are closed once at the end or at every step', () => {
    fc.assert(
      fc.property(intervals, intervals, fc.integer({ min: 0, max: 8 }), (a, b, bridgeMs) => {
        const atOnce = union([...a, ...b], bridgeMs);
        expect(union([...union(a, bridgeMs), ...union(b, bridgeMs)], bridgeMs)).toEqual(atOnce);
        expect(equalIntervals(union([...union(a), ...b], bridgeMs), atOnce)).toBe(true);
      }),
    );
  });

  it('shares its longest stretch with another, as found moment by moment', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const both = a.flatMap((one) =>
          b.map((other) => Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs)),
        );
        expect(longestOverlapMs(a, b)).toBe(Math.max(0, ...both));
        expect(longestOverlapMs(b, a)).toBe(longestOverlapMs(a, b));
      }),
    );
  });

  it('ends where it is cut', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 70 }), (one, endMs) => {
        const kept = [...momentsOf(one)].filter((moment) => moment <= endMs);
        expect(momentsOf(clippedTo(one, endMs))).toEqual(new Set(kept));
      }),
    );
  });
});

describe('evidence', () => {
  it('joins in any order, in any grouping and any number of times to the same', () => {
    fc.assert(
      fc.property(evidence, evidence, evidence, (a, b, c) => {
        expect(joinEvidence(a, b)).toEqual(joinEvidence(b, a));
        expect(joinEvidence(joinEvidence(a, b), c)).toEqual(joinEvidence(a, joinEvidence(b, c)));
        expect(joinEvidence(a, a)).toEqual(a);
        expect(joinEvidence(a, NO_EVIDENCE)).toEqual(a);
        expect(joinEvidence(joinEvidence(a, b), b)).toEqual(joinEvidence(a, b));
      }),
    );
  });

  it('is equal to what it equals, and to nothing that has any more', () => {
    fc.assert(
      fc.property(evidence, evidence, (a, b) => {
        const both = joinEvidence(a, b);
        expect(equalEvidence(both, joinEvidence(b, a))).toBe(true);
        let isSame = true;
        try {
          expect(a).toEqual(both);
        } catch {
          isSame = false;
        }
        expect(equalEvidence(a, both)).toBe(isSame);
        expect(equalEvidence(both, a)).toBe(isSame);
      }),
    );
  });

  it('takes what lies between close glimpses as seen, and nothing between far ones', () => {
    const glimpse = (atMs: number) =>
      evidenceOf(sightingOf(ANN, [{ kind: 'snapshot', zoneId: zone('door'), fromMs: atMs, toMs: atMs }]));
    const seen = (gapMs: number) =>
      presenceOf(joinEvidence(glimpse(minute(0)), glimpse(minute(0) + gapMs))).zones.get(zone('door'));
    expect(seen(SNAPSHOT_GAP_MS_MAX)).toEqual([{ fromMs: minute(0), toMs: minute(0) + SNAPSHOT_GAP_MS_MAX }]);
    expect(seen(SNAPSHOT_GAP_MS_MAX + 1)).toHaveLength(2);
  });

  it('is never guessed where a tracker reported exact times', () => {
    const told = evidenceOf(sightingOf(ANN, [held('door', 0, 1), held('door', 1.001, 2)]));
    expect(presenceOf(told).zones.get(zone('door'))).toHaveLength(2);
  });

  it('marks a visitor as staff as soon as one sighting does', () => {
    const plain = evidenceOf(sightingOf(ANN, [held('door', 0)]));
    const staff = evidenceOf(sightingOf(ANN, [held('door', 0)], { isStaff: true }));
    expect(joinEvidence(plain, staff).staff).toHaveLength(1);
    expect(joinEvidence(joinEvidence(plain, staff), plain).staff).toHaveLength(1);
  });

  it("knows the store's clock on both sides of a change, whichever side it heard of first", () => {
    const at = (atMinute: number, offsetMinutes: number) =>
      evidenceOf(
        sightingOf(ANN, [held('door', atMinute)], {
          startedAt: { instantMs: minute(atMinute), offsetMinutes },
        }),
      );
    const parts = [at(0, 120), at(50, 120), at(60, 60), at(70, 60)];
    for (const order of [parts, parts.toReversed()]) {
      const known = order.reduce(joinEvidence);
      expect([0, 59, 60, 90].map((count) => offsetAt(known, minute(count)))).toEqual([120, 120, 60, 60]);
      expect(offsetAt(known, minute(-5))).toBe(120);
    }
    expect(offsetAt(NO_EVIDENCE, 0)).toBe(0);
  });
});

describe('evidence beyond what a row can hold', () => {
  /** So many moments in one zone, each apart from the next. */
  const restless = (count: number, gapMs: number, name = 'door'): Evidence =>
    evidenceOf(
      sightingOf(
        ANN,
        Array.from({ length: count }, (_, index) => ({
          kind: 'tracked' as const,
          zoneId: zone(name),
          fromMs: minute(0) + index * gapMs,
          toMs: minute(0) + index * gapMs,
        })),
      ),
    );

  it('is exact up to the bound', () => {
    const exact = restless(INTERVALS_PER_PART_MAX, 1_001);
    expect(presenceOf(exact).zones.get(zone('door'))).toHaveLength(INTERVALS_PER_PART_MAX);
    expect(exact.coarseness).toBe(0);
  });

  it('closes its shortest gaps and loses no moment', () => {
    const all = joinEvidence(restless(1_900, 20_000), restless(1_500, 2_000, 'till'));
    const { zones } = presenceOf(all);
    expect(zones.get(zone('till'))).toEqual([{ fromMs: minute(0), toMs: minute(0) + 1_499 * 2_000 }]);
    expect(zones.get(zone('door'))).toHaveLength(1_900);
    expect(all.coarseness).toBe(1);
    expect(joinEvidence(all, all)).toEqual(all);
    const more = restless(5, 2_000, 'shelf');
    expect(joinEvidence(more, all)).toEqual(joinEvidence(all, more));
    expect(joinEvidence(more, all).coarseness).toBe(1);
  });

  it('ends at the last step, which bridges no two visits', () => {
    const zones = Array.from({ length: 200 }, (_, index) => restless(12, 601_000, `z${index}`));
    const all = zones.reduce(joinEvidence);
    expect(all.coarseness).toBe(COARSE_MS.length - 1);
    expect(presenceOf(all).zones.get(zone('z0'))).toHaveLength(12);
    expect(Math.max(...COARSE_MS)).toBeLessThan(15 * 60_000);
  });
});

describe('a stay', () => {
  it('shows the same whichever of its parts a sighting came under', () => {
    fc.assert(
      fc.property(sightings, (all) => {
        const apart = stayOf(ANN, all);
        const together = stayOf(
          ANN,
          all.map((one) => ({ ...one, visitorId: ANN })),
        );
        expect(presenceOf(evidenceOfDay(apart))).toEqual(presenceOf(evidenceOfDay(together)));
      }),
    );
  });

  it('returns to both originals when joined with another and split again', () => {
    fc.assert(
      fc.property(sightings, sightings, (ofAnn, ofBen) => {
        const ann = stayOf(
          ANN,
          ofAnn.map((one) => ({ ...one, visitorId: ANN })),
        );
        const ben = stayOf(
          BEN,
          ofBen.map((one) => ({ ...one, visitorId: BEN })),
        );
        const both = withParts(ann, ben.parts);
        expect(equalParts(withoutParts(both, ben.parts), ann)).toBe(true);
        const moved = new Map([...both.parts].filter(([id]) => id === BEN));
        expect(equalParts(withParts(emptyVisitorDay(keyOf(BEN)), moved), ben)).toBe(true);
      }),
    );
  });

  it('keeps a part of which more has become known since it was moved', () => {
    const before = stayOf(ANN, [sightingOf(ANN, [held('door', 0)])]);
    const since = stayOf(ANN, [sightingOf(ANN, [held('door', 0)]), sightingOf(ANN, [held('till', 5)])]);
    expect(withoutParts(since, before.parts)).toEqual(since);
    expect(withoutParts(before, before.parts).parts.size).toBe(0);
    expect(equalParts(before, since)).toBe(false);
    expect(equalParts(before, stayOf(BEN, [sightingOf(BEN, [held('door', 0)])]))).toBe(false);
  });

  it('is the same up to a moment where only later moments were added', () => {
    const early = presenceOf(evidenceOf(sightingOf(ANN, [held('door', 0, 5)])));
    const grown = presenceOf(evidenceOf(sightingOf(ANN, [held('door', 0, 9), held('till', 9)])));
    expect(equalUntil(early, grown, minute(5))).toBe(true);
    expect(equalUntil(early, grown, minute(6))).toBe(false);
  });
});
