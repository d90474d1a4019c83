import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseEvent,
  SIGHTING_RECORDED,
  type StoreEvent,
  sightingRecorded,
  type WireEvent,
} from '#contracts/events/events.ts';
import { sightingOf, visitRevisionEvent } from '#contracts/events/visit-mapping.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { nextRevision } from '#domain/place/visits/visit-revision.ts';
import { ANN, keyOf, sightings, stayOf } from '../../support/sightings.ts';

function read(event: WireEvent): StoreEvent {
  const parsed = parseEvent(Buffer.from(JSON.stringify(event)));
  if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
  return parsed.event;
}

describe('the event of a sighting', () => {
  it('tells all that was seen', () => {
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

describe('the event of a telling', () => {
  const tellings = fc
    .tuple(sightings, sightings, fc.boolean(), fc.nat(99))
    .map(([some, others, isClosed, revision]) => {
      const visits = (of: typeof some) =>
        visitsOf(stayOf(ANN, of)).map((visit) =>
          summaryOf(visit, { isClosed, isAssisted: isClosed, frequency: 'second', groupRole: 'leader' }),
        );
      const told = { revision, published: visits(some) };
      return nextRevision(keyOf(ANN), told, visits(others)) ?? nextRevision(keyOf(ANN), told, []);
    });

  it('is one that the log reads as it was told, under store, day, visitor and revision', () => {
    fc.assert(
      fc.property(tellings, (telling) => {
        if (telling === undefined) throw new Error('nothing to tell');
        const event = read(visitRevisionEvent(telling));
        const wire = (visits: typeof telling.after) =>
          visits.map(({ zones, ...visit }) => ({
            ...visit,
            zones: zones.map(({ zoneId, ...times }) => ({ zone: zoneId, ...times })),
          }));
        expect(event).toMatchObject({
          id: `sz01/2026-11-22/user.v.ann/${telling.revision}`,
          type: `aisle.visit.${telling.kind}`,
          subject: 'sz01',
          data: {
            store: 'sz01',
            businessDay: '2026-11-22',
            visitor: ANN,
            revision: telling.revision,
            before: wire(telling.before),
            after: wire(telling.after),
          },
        });
      }),
    );
  });

  it('is the same text whoever sends it, and whenever', () => {
    fc.assert(
      fc.property(tellings, (telling) => {
        if (telling === undefined) throw new Error('nothing to tell');
        expect(JSON.stringify(visitRevisionEvent(structuredClone(telling)))).toBe(
          JSON.stringify(visitRevisionEvent(telling)),
        );
      }),
    );
  });
});
