import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VisitorId } from '#domain/chain/ids.ts';
import { ARRIVAL_GAP_MS_MAX, groupRoleOf, type Shopper } from '#domain/place/visits/groups.ts';
import { type Visit, visitsOf } from '#domain/place/visits/visit.ts';
import { held, NINE_MS, sightingOf, stayOf, zone } from '../../../support/sightings.ts';

const visitAt = (ms: number, isStaff = false): Visit => ({
  number: 1,
  firstSeenAt: { instantMs: NINE_MS + ms, offsetMinutes: 480 },
  lastSeenAtMs: NINE_MS + ms + 60_000,
  isStaff,
  counts: 'visitor',
  zones: [],
});
const shopper = (name: string, ...visits: readonly Visit[]): Shopper => ({
  visitorId: name as VisitorId,
  visits,
});
const inZone = (name: string, fromMs: number, toMs: number, zoneName: string): Shopper => {
  const [visit] = visitsOf(
    stayOf(name as VisitorId, [
      sightingOf(name as VisitorId, [
        { ...held(zoneName, 0), fromMs: NINE_MS + fromMs, toMs: NINE_MS + toMs },
      ]),
    ]),
  );
  if (visit === undefined) throw new Error('no visit');
  return shopper(name, visit);
};
const leadersOf = (shoppers: readonly Shopper[]): string[] =>
  shoppers.flatMap(({ visitorId, visits }) =>
    visits.flatMap((visit) => (groupRoleOf(visitorId, visit, shoppers) === 'leader' ? [visitorId] : [])),
  );

describe('company', () => {
  it('joins visitors who come in within three seconds of each other into one group', () => {
    const family = [shopper('a', visitAt(0)), shopper('b', visitAt(2_000)), shopper('c', visitAt(5_000))];
    expect(leadersOf(family)).toEqual(['a']);
    expect(leadersOf([...family, shopper('d', visitAt(5_000 + ARRIVAL_GAP_MS_MAX + 1))])).toEqual(['a', 'd']);
    expect(leadersOf([...family, shopper('d', visitAt(5_000 + ARRIVAL_GAP_MS_MAX))])).toEqual(['a']);
  });

  it('needs more than one door: who goes to other shelves came by themselves', () => {
    const ann = inZone('ann', 0, 60_000, 'shelf');
    expect(leadersOf([ann, inZone('ben', 1_000, 60_000, 'shelf')])).toEqual(['ann']);
    expect(leadersOf([ann, inZone('ben', 1_000, 60_000, 'till')])).toEqual(['ann', 'ben']);
    // Half of the shorter visit is enough, and a moment less is not.
    const along = (sharedMs: number): Shopper =>
      shopper('ben', {
        ...visitAt(1_000),
        zones: [
          {
            zoneId: zone('shelf'),
            intervals: [{ fromMs: NINE_MS + 1_000, toMs: NINE_MS + 1_000 + sharedMs }],
          },
          { zoneId: zone('till'), intervals: [{ fromMs: NINE_MS + 11_000, toMs: NINE_MS + 21_000 }] },
        ],
      });
    expect(leadersOf([ann, along(10_000)])).toEqual(['ann']);
    expect(leadersOf([ann, along(9_999)])).toEqual(['ann', 'ben']);
  });

  it('is never of the staff', () => {
    expect(leadersOf([shopper('a', visitAt(0, true)), shopper('b', visitAt(1_000))])).toEqual(['b']);
    expect(groupRoleOf('a' as VisitorId, visitAt(0, true), [])).toBeUndefined();
  });

  it('counts, of people seen in no zone, one group more than there are gaps between those who came, in any order', () => {
    const arrivals = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(arrivals, fc.nat(), (seconds, turn) => {
        const shoppers = seconds.map((second, at) => shopper(`v${at}`, visitAt(second * 1_000)));
        const turned = [
          ...shoppers.slice(turn % shoppers.length),
          ...shoppers.slice(0, turn % shoppers.length),
        ];
        const sorted = seconds.toSorted((a, b) => a - b);
        const gaps = sorted.filter(
          (second, at) => at > 0 && (second - (sorted[at - 1] ?? 0)) * 1_000 > ARRIVAL_GAP_MS_MAX,
        ).length;
        expect(leadersOf(shoppers)).toHaveLength(gaps + 1);
        expect(leadersOf(turned).toSorted()).toEqual(leadersOf(shoppers).toSorted());
      }),
    );
  });
});
