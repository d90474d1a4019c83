import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneId } from '#domain/chain/ids.ts';
import {
  attributePurchase,
  isTillZone,
  type PurchaseContext,
  TILL_SLACK_MS,
  type TillSale,
  wasAtTill,
} from '#domain/place/visits/purchase-attribution.ts';
import { minute } from '../../../support/sightings.ts';

const visitIn = (zone: string, ...stretches: ReadonlyArray<readonly [number, number]>) => ({
  zones: [
    {
      zoneId: zone as ZoneId,
      intervals: stretches.map(([from, to]) => ({ fromMs: minute(from), toMs: minute(to) })),
    },
  ],
});
const saleAt = (at: number, name = 'r1'): TillSale => ({ name, closedAtMs: minute(at) });
const beside = (more: Partial<PurchaseContext> = {}): PurchaseContext => ({
  hasTillZone: true,
  isOpen: false,
  others: [],
  sales: [],
  ...more,
});

describe('a purchase', () => {
  it('is certain for a visitor who was alone at a till when it closed a sale', () => {
    const visit = visitIn('till-1', [10, 12]);
    expect(attributePurchase(visit, beside({ sales: [saleAt(30), saleAt(11)] }))).toEqual({
      kind: 'yes',
      evidence: { sale: saleAt(11), zoneId: 'till-1', at: { fromMs: minute(10), toMs: minute(12) } },
    });
  });

  it('is looked for a minute around, and no further', () => {
    const visit = visitIn('till', [10, 12]);
    const slack = TILL_SLACK_MS / 60_000;
    for (const at of [10 - slack, 12 + slack]) {
      expect(attributePurchase(visit, beside({ sales: [saleAt(at)] })).kind).toBe('yes');
    }
    for (const at of [10 - slack - 0.001, 12 + slack + 0.001]) {
      expect(attributePurchase(visit, beside({ sales: [saleAt(at)] }))).toEqual({
        kind: 'unknown',
        reason: 'no sale then',
      });
    }
  });

  it('is unknown where another visitor was at any till then', () => {
    const others = [visitIn('till-2', [11, 11]), visitIn('shoes', [0, 60])];
    const visit = visitIn('till-1', [10, 12]);
    expect(attributePurchase(visit, beside({ others, sales: [saleAt(11)] }))).toEqual({
      kind: 'unknown',
      reason: 'not alone at the till',
    });
    const later = [saleAt(11), saleAt(13, 'r2')];
    expect(attributePurchase(visit, beside({ others, sales: later }))).toMatchObject({
      kind: 'yes',
      evidence: { sale: { name: 'r2' } },
    });
  });

  it('is none for a visitor who left without coming near a till, and open for one who may still', () => {
    const visit = visitIn('shoes', [10, 12]);
    expect(attributePurchase(visit, beside({ sales: [saleAt(11)] }))).toEqual({
      kind: 'no',
      reason: 'no till visited',
    });
    expect(attributePurchase(visit, beside({ isOpen: true })).kind).toBe('unknown');
    expect(attributePurchase(visit, beside({ hasTillZone: false }))).toEqual({
      kind: 'unknown',
      reason: 'no till drawn',
    });
  });

  it('is never two visits’ at once', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 5 }))
      .map(([from, length]) => [from, from + length] as const);
    const visit = fc
      .tuple(fc.constantFrom('till', 'till-2', 'shoes'), fc.array(stretch, { maxLength: 3 }))
      .map(([zone, stretches]) => visitIn(zone, ...stretches));
    const sales = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 4 }), sales, (visits, times) => {
        const all = times.map((at, index) => saleAt(at, `r${index}`));
        const buyers = visits.flatMap((one) => {
          const bought = attributePurchase(
            one,
            beside({ others: visits.filter((other) => other !== one), sales: all }),
          );
          expect(bought.kind === 'no').toBe(!wasAtTill(one));
          return bought.kind === 'yes' ? [bought.evidence.sale.name] : [];
        });
        expect(new Set(buyers).size).toBe(buyers.length);
      }),
    );
  });

  it.each([
    ['till', true],
    ['Till-2', true],
    ['until', false],
    ['shoes', false],
  ])('knows a till by the name of its zone: %s', (name, isTill) => {
    expect(isTillZone(name as ZoneId)).toBe(isTill);
  });
});
