import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthMs } from '#domain/place/visits/intervals.ts';
import {
  ASSISTED_OVERLAP_MS_MIN,
  closesAtMs,
  dwellMsOf,
  isAssisted,
  isClosed,
  isRecognisable,
  pathOf,
  summaryOf,
  type Visit,
  type VisitSummary,
  visitFrequencyOf,
  visitsOf,
} from '#domain/place/visits/visit.ts';
import { VISIT_GAP_MS_MAX } from '#domain/place/visits/visit-gap.ts';
import { isPublished, nextRevision } from '#domain/place/visits/visit-revision.ts';
import {
  evidenceOf,
  evidenceOfDay,
  presenceOf,
  withoutParts,
  withParts,
} from '#domain/place/visits/visitor-day.ts';
import {
  ANN,
  BEN,
  CLERK,
  held,
  keyOf,
  minute,
  sightingOf,
  sightings,
  stayOf,
  TRACK,
  zone,
} from '../../../support/sightings.ts';

const only = (visits: readonly Visit[]): Visit => {
  const [visit] = visits;
  if (visit === undefined || visits.length !== 1) throw new Error(`${visits.length} visits`);
  return visit;
};
const closed = { isClosed: true, isAssisted: false, frequency: 'first', groupRole: 'leader' } as const;
const open = { ...closed, isClosed: false };

describe('visits', () => {
  it('are the same in any order, with any repetition, cut up between sensors and ids in any way', () => {
    const shuffled = sightings.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(
          all.flatMap((one) => [
            one,
            ...one.presences.map((presence) => ({ ...one, presences: [presence] })),
          ]),
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, some]) => {
        expect(visitsOf(stayOf(ANN, [...some, ...all.toReversed(), ...some]))).toEqual(
          visitsOf(stayOf(ANN, all)),
        );
        const cut = all.flatMap((one, index) =>
          one.presences.map((presence) => ({
            ...one,
            presences: [presence],
            visitorId: index % 2 === 0 ? ANN : BEN,
          })),
        );
        expect(visitsOf(stayOf(ANN, cut))).toEqual(visitsOf(stayOf(ANN, all)));
      }),
    );
  });

  it('last no longer than from the first sighting to the last, and no zone longer than its visit', () => {
    fc.assert(
      fc.property(sightings, (all) => {
        const moments = all.flatMap(({ presences }) =>
          presences.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
        );
        const visits = visitsOf(stayOf(ANN, all));
        const dwell = visits.reduce((sum, visit) => sum + dwellMsOf(visit), 0);
        expect(dwell).toBeLessThanOrEqual(Math.max(...moments) - Math.min(...moments));
        for (const visit of visits) {
          for (const { intervals } of visit.zones) {
            expect(lengthMs(intervals)).toBeLessThanOrEqual(dwellMsOf(visit));
            expect(intervals[0]?.fromMs).toBeGreaterThanOrEqual(visit.firstSeenAt.instantMs);
            expect(intervals.at(-1)?.toMs).toBeLessThanOrEqual(visit.lastSeenAtMs);
          }
        }
      }),
    );
  });

  it('hold every zone moment of their stay, each in one visit', () => {
    fc.assert(
      fc.property(sightings, (all) => {
        const stay = stayOf(ANN, all);
        const visits = visitsOf(stay);
        const { zones } = presenceOf(evidenceOfDay(stay));
        for (const [zoneId, intervals] of zones) {
          const found = visits.flatMap((visit) =>
            visit.zones.flatMap((one) => (one.zoneId === zoneId ? one.intervals : [])),
          );
          expect(found).toEqual(intervals);
        }
        visits.slice(1).forEach((visit, index) => {
          const gapMs = visit.firstSeenAt.instantMs - (visits[index]?.lastSeenAtMs ?? 0);
          expect(gapMs).toBeGreaterThan(VISIT_GAP_MS_MAX);
        });
      }),
    );
  });

  it('are split into the original visits of two visitors who were merged', () => {
    fc.assert(
      fc.property(sightings, sightings, (some, others) => {
        const ann = stayOf(
          ANN,
          some.map((one) => ({ ...one, visitorId: ANN })),
        );
        const ben = stayOf(
          BEN,
          others.map((one) => ({ ...one, visitorId: BEN })),
        );
        const both = withParts(ann, ben.parts);
        expect(visitsOf(withoutParts(both, ben.parts))).toEqual(visitsOf(ann));
        expect(visitsOf(withoutParts({ ...both, visitorId: BEN }, ann.parts))).toEqual(visitsOf(ben));
      }),
    );
  });

  it('continue after a quarter of an hour and begin again after sixteen minutes', () => {
    const back = (after: number) =>
      visitsOf(stayOf(ANN, [sightingOf(ANN, [held('door', 0, 5), held('door', 5 + after)])]));
    expect(back(15)).toHaveLength(1);
    expect(back(16)).toMatchObject([
      { number: 1, lastSeenAtMs: minute(5) },
      { number: 2, firstSeenAt: { instantMs: minute(21), offsetMinutes: 480 }, lastSeenAtMs: minute(21) },
    ]);
  });

  it('are joined by a late sighting between them', () => {
    const apart = [sightingOf(ANN, [held('door', 0, 5)]), sightingOf(ANN, [held('till', 25, 30)])];
    expect(visitsOf(stayOf(ANN, apart))).toHaveLength(2);
    const late = sightingOf(ANN, [held(undefined, 15)]);
    expect(dwellMsOf(only(visitsOf(stayOf(ANN, [...apart, late]))))).toBe(minute(30) - minute(0));
  });

  it('count a zone that two sensors saw at once, once', () => {
    const twice = ['cam1', 'xovis1'].map((sensorId) =>
      sightingOf(ANN, [held('door', 0, 3)], { sensorId: sensorId as never }),
    );
    const overlapping = sightingOf(ANN, [held('door', 2, 4)]);
    const visit = only(visitsOf(stayOf(ANN, [...twice, overlapping])));
    expect(summaryOf(visit, closed).zones).toEqual([
      { zoneId: 'door', entries: 1, ms: minute(4) - minute(0) },
    ]);
  });

  it('return the path through the store, a zone entered twice appearing twice', () => {
    const visit = only(
      visitsOf(
        stayOf(ANN, [
          sightingOf(ANN, [held('till', 6, 7), held('door', 0, 1), held('shelf', 1, 5)]),
          sightingOf(ANN, [held('door', 8)]),
        ]),
      ),
    );
    expect(pathOf(visit).map(({ zoneId }) => zoneId)).toEqual(['door', 'shelf', 'till', 'door']);
    expect(summaryOf(visit, closed).zones.find(({ zoneId }) => zoneId === 'door')?.entries).toBe(2);
  });

  it('are over as soon as a returning visitor would begin another one', () => {
    const visit = only(visitsOf(stayOf(ANN, [sightingOf(ANN, [held('door', 0, 5)])])));
    expect(isClosed(visit, minute(20))).toBe(false);
    expect(isClosed(visit, minute(20) + 1)).toBe(true);
    expect(closesAtMs(visit)).toBe(minute(20) + 1);
  });
});

describe('a visitor', () => {
  it('is a regular from the third visit on', () => {
    expect([0, 1, 2, 3, 40].map(visitFrequencyOf)).toEqual([
      'first',
      'second',
      'regular',
      'regular',
      'regular',
    ]);
  });

  it('is known by a face and not by a track', () => {
    expect([ANN, CLERK, TRACK].map(isRecognisable)).toEqual([true, true, false]);
  });
});

describe('a visit is assisted', () => {
  const shopper = only(visitsOf(stayOf(ANN, [sightingOf(ANN, [held('shelf', 0, 5), held('door', 6, 8)])])));
  const staff = (zoneName: string | undefined, from: number, to: number) =>
    presenceOf(evidenceOf(sightingOf(CLERK, [held(zoneName, from, to)])));
  const LEAST = ASSISTED_OVERLAP_MS_MIN / 60_000;

  it.each([
    ['where staff stood there for long enough', staff('shelf', 4, 4 + LEAST), true],
    ['not where they only passed', staff('shelf', 4, 3.9999 + LEAST), false],
    ['not where they were in another zone', staff('door', 0, 5), false],
    ['not where they came later', staff('shelf', 5.5, 20), false],
    ['not where the zone of the staff is unknown', staff(undefined, 0, 20), false],
  ])('%s', (_, presence, expected) => {
    expect(isAssisted(shopper, [presence])).toBe(expected);
  });

  it('is not assisted by passing often, without staff, or where the visitor is staff', () => {
    const passing = staff('shelf', 0, LEAST * 0.6);
    const again = staff('shelf', 2, 2 + LEAST * 0.6);
    expect(isAssisted(shopper, [passing, again])).toBe(false);
    expect(isAssisted(shopper, [])).toBe(false);
    expect(isAssisted({ ...shopper, isStaff: true }, [staff('shelf', 0, 5)])).toBe(false);
  });
});

describe('the revisions for figures', () => {
  const visit = only(visitsOf(stayOf(ANN, [sightingOf(ANN, [held('door', 0, 5)])])));
  const told = (...visits: VisitSummary[]) => ({ revision: visits.length, published: visits });
  const ann = keyOf(ANN);

  it('are first that a visitor came in, then that they left', () => {
    const began = summaryOf(visit, open);
    expect(began).toMatchObject({ isClosed: false, isAssisted: false, zones: [] });
    expect(nextRevision(ann, told(), [began])).toEqual({
      ...ann,
      kind: 'opened',
      revision: 1,
      before: [],
      after: [began],
    });
    const ended = summaryOf(visit, { ...closed, isAssisted: true });
    expect(nextRevision(ann, told(began), [ended])).toEqual({
      ...ann,
      kind: 'closed',
      revision: 2,
      before: [began],
      after: [ended],
    });
  });

  it('is nothing while a visit only goes on, and nothing twice', () => {
    const began = summaryOf(visit, open);
    const goesOn = summaryOf({ ...visit, lastSeenAtMs: minute(9) }, open);
    expect(nextRevision(ann, told(began), [goesOn])).toBeUndefined();
    const ended = summaryOf(visit, closed);
    expect(nextRevision(ann, told(ended), [structuredClone(ended)])).toBeUndefined();
    expect(nextRevision(ann, told(), [])).toBeUndefined();
  });

  it('is every change of an ended visit that they count', () => {
    const ended = summaryOf(visit, closed);
    const changes: ReadonlyArray<Partial<VisitSummary>> = [
      { lastSeenAtMs: minute(6) },
      { isAssisted: true },
      { groupRole: 'companion' },
      { frequency: 'second' },
      { isStaff: true },
      { firstSeenAt: { instantMs: minute(0), offsetMinutes: 0 } },
      { firstSeenAt: { instantMs: minute(-1), offsetMinutes: 480 } },
      { zones: [] },
      { zones: [{ zoneId: zone('till'), entries: 1, ms: 300_000 }] },
      { zones: [{ zoneId: zone('door'), entries: 2, ms: 300_000 }] },
      { zones: [{ zoneId: zone('door'), entries: 1, ms: 299_999 }] },
    ];
    for (const change of changes) {
      expect(nextRevision(ann, told(ended), [{ ...ended, ...change }])?.kind).toBe('closed');
    }
    expect(nextRevision(ann, told(ended), [])).toMatchObject({ kind: 'closed', after: [] });
    expect(nextRevision(ann, told(ended), [summaryOf(visit, open)])?.kind).toBe('opened');
  });

  it('leaves the standing of staff open, for they are no shoppers', () => {
    expect(summaryOf({ ...visit, isStaff: true }, closed)).toEqual({
      ...summaryOf({ ...visit, isStaff: true }, { ...closed, groupRole: undefined }),
      frequency: 'unknown',
    });
  });

  it('add up to the last revision, whatever was published in between', () => {
    const summary = fc
      .tuple(sightings, fc.boolean(), fc.boolean())
      .map(([all, isOver, assisted]) =>
        visitsOf(stayOf(ANN, all)).map((one) =>
          summaryOf(one, { isClosed: isOver, isAssisted: assisted, frequency: 'first', groupRole: 'leader' }),
        ),
      );
    const dwellOf = (visits: readonly VisitSummary[]): number =>
      visits.reduce(
        (sum, { isClosed: isOver, lastSeenAtMs, firstSeenAt }) =>
          sum + 1 + (isOver ? lastSeenAtMs - firstSeenAt.instantMs : 0),
        0,
      );
    fc.assert(
      fc.property(fc.array(summary, { maxLength: 6 }), (states) => {
        let row: { revision: number; published: readonly VisitSummary[] } = { revision: 0, published: [] };
        let counted = 0;
        for (const now of states) {
          const telling = nextRevision(ann, row, now);
          if (telling === undefined) continue;
          expect(telling.revision).toBe(row.revision + 1);
          counted += dwellOf(telling.after) - dwellOf(telling.before);
          row = { revision: telling.revision, published: telling.after };
        }
        const last = states.at(-1) ?? [];
        expect(counted).toBe(dwellOf(last));
        expect(isPublished(row.published, last)).toBe(true);
      }),
    );
  });
});
