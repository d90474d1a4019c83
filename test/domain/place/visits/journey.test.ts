import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import {
  formatVisitName,
  type Journey,
  journeysOf,
  pageOf,
  parseVisitName,
  positionOf,
  visitNameOf,
} from '#domain/place/visits/journey.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { evidenceOfDay, presenceOf } from '#domain/place/visits/visitor-day.ts';
import { november } from '../../../support/chain.ts';
import { ANN, CLERK, held, minute, sightingOf, sightings, stayOf } from '../../../support/sightings.ts';

describe('the name of a visit', () => {
  it('is read as it was written, whatever the visitor is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 999 }),
        (visitor, number) => {
          fc.pre(visitor.isWellFormed());
          const name = {
            storeId: 'sz01' as StoreId,
            day: november(22),
            number,
            visitorId: `user.m.${visitor}` as VisitorId,
          };
          const text = formatVisitName(name);
          expect(text).toMatch(/^[\w.~=!'()*-]+$/);
          fc.pre(text.length < 400);
          expect(parseVisitName(text)).toEqual(name);
        },
      ),
    );
  });

  it.each([
    '',
    'sz01',
    'sz01~2026-11-22~1~',
    'sz01~2026-02-30~1~user.v.a',
    'sz01~2026-11-22~0~user.v.a',
    'sz01~2026-11-22~1.5~user.v.a',
    's#1~2026-11-22~1~user.v.a',
    'sz01~2026-11-22~1~=ZZ',
    `sz01~2026-11-22~1~${'x'.repeat(401)}`,
  ])('is not read out of anything else: %s', (text) => {
    expect(parseVisitName(text)).toBeUndefined();
  });
});

describe('the journeys of a stay', () => {
  const stay = stayOf(ANN, [
    sightingOf(ANN, [held('door', 0, 1), held('shelf', 1, 5)]),
    sightingOf(ANN, [held('door', 40, 41)]),
  ]);
  const clerk = stayOf(CLERK, [sightingOf(CLERK, [held('shelf', 2, 9)])]);

  it('are its visits, open while the visitor may return, with the staff who assisted', () => {
    const staff = [presenceOf(evidenceOfDay(clerk))];
    const [first, second] = journeysOf(stay, [], staff, minute(50));
    expect(first).toMatchObject({
      isOpen: false,
      isAssisted: true,
      frequency: 'unknown',
      visit: { number: 1 },
    });
    expect(second).toMatchObject({ isOpen: true, isAssisted: false, visit: { number: 2 } });
  });

  it('have the published frequency, matched by their beginning', () => {
    const told = visitsOf(stay).map((visit) =>
      summaryOf(visit, { isClosed: true, isAssisted: false, frequency: 'second', groupRole: 'leader' }),
    );
    const [first, second] = journeysOf(stay, told.slice(1), [], minute(50));
    expect([first?.frequency, second?.frequency]).toEqual(['unknown', 'second']);
  });
});

describe('pages of visits', () => {
  it('together are all visits once, the newest first, whatever their size', () => {
    const many = fc.array(sightings, { maxLength: 6 }).map((stays) =>
      stays.flatMap((all, index) => {
        const visitorId = `user.v.${index}` as VisitorId;
        const stay = stayOf(
          visitorId,
          all.map((one) => ({ ...one, visitorId })),
        );
        return journeysOf(stay, [], [], minute(600));
      }),
    );
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 4 }), (journeys, limit) => {
        const read: Journey[] = [];
        let behind: ReturnType<typeof positionOf> | undefined;
        do {
          const { page, next } = pageOf(journeys, limit, behind);
          expect(page.length).toBeLessThanOrEqual(limit);
          read.push(...page);
          behind = next;
        } while (behind !== undefined);
        expect(read.map(visitNameOf).sort()).toEqual(journeys.map(visitNameOf).sort());
        const begun = read.map((one) => positionOf(one).firstSeenAtMs);
        expect(begun).toEqual([...begun].sort((a, b) => b - a));
      }),
    );
  });
});
