import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, type StoreEvent, type WireEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED, sightingOf, sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { nextRevision } from '#domain/place/visits/visit-revision.ts';
import { ANN, keyOf, sightings, stayOf } from '../../support/sightings.ts';

function read(event: WireEvent): StoreEvent {
  const parsed = parseEvent(Buffer.from(JSON.stringify(event)));
  if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
  return parsed.event;
}

describe('the event of a sighting', () => {
  it('holds the sighting whole', () => {
    fc.assert(
      fc.property(sightings, fc.boolean(), (all, isAnonymous) => {
        for (const { visitorId, ...rest } of all) {
          const sighting = { ...rest, ...(isAnonymous || visitorId === undefined ? {} : { visitorId }) };
          const event = read(sightingRecorded(sighting, 's1', '/stores/sz01/devices/cam1'));
          if (event.type !== SIGHTING_RECORDED) throw new Error('no sighting');
          expect(sightingOf(event.data)).toEqual(sighting);
        }
      }),
    );
  });
});

describe('the event of a visit revision', () => {
  const revisions = fc
    .tuple(sightings, sightings, fc.boolean(), fc.nat(99))
    .map(([some, others, isClosed, revision]) => {
      const visits = (of: typeof some) =>
        visitsOf(stayOf(ANN, of)).map((visit) =>
          summaryOf(visit, { isClosed, isAssisted: isClosed, frequency: 'second', groupRole: 'leader' }),
        );
      const last = { revision, published: visits(some) };
      return nextRevision(keyOf(ANN), last, visits(others)) ?? nextRevision(keyOf(ANN), last, []);
    });

  it('parses to the revision, with an id of store, day, visitor and number', () => {
    fc.assert(
      fc.property(revisions, (one) => {
        if (one === undefined) throw new Error('no revision');
        const event = read(visitRevisionEvent(one));
        const wire = (visits: typeof one.after) =>
          visits.map(({ zones, ...visit }) => ({
            ...visit,
            zones: zones.map(({ zoneId, ...times }) => ({ zone: zoneId, ...times })),
          }));
        expect(event).toMatchObject({
          id: `sz01/2026-11-22/user.v.ann/${one.revision}`,
          type: `aisle.visit.${one.kind}`,
          subject: 'sz01',
          data: {
            store: 'sz01',
            businessDay: '2026-11-22',
            visitor: ANN,
            revision: one.revision,
            before: wire(one.before),
            after: wire(one.after),
          },
        });
      }),
    );
  });

  it('is the same text from every sender', () => {
    fc.assert(
      fc.property(revisions, (one) => {
        if (one === undefined) throw new Error('no revision');
        expect(JSON.stringify(visitRevisionEvent(structuredClone(one)))).toBe(
          JSON.stringify(visitRevisionEvent(one)),
        );
      }),
    );
  });
});
