/** Sightings for tests, in minutes from nine in the morning in Shenzhen. */

import fc from 'fast-check';
import { defined } from '#application/support/defined.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import { type Presence, type Sighting, visitorOfTrack } from '#domain/place/visits/sighting.ts';
import { emptyVisitorDay, evidenceOf, type VisitorDay, withParts } from '#domain/place/visits/visitor-day.ts';
import { november, SZ01 } from './chain.ts';

export const NINE_MS = Date.UTC(2026, 10, 22, 1);
export const minute = (count: number): number => NINE_MS + count * MINUTE_MS;

export const ANN = 'user.v.ann' as VisitorId;
export const BEN = 'user.v.ben' as VisitorId;
export const CLERK = 'user.s.clerk' as VisitorId;
export const TRACK = visitorOfTrack({ storeId: SZ01.storeId, day: november(22) }, 'xovis1' as SensorId, '17');

export const zone = (name: string): ZoneId => name as ZoneId;

/** A visitor's presence in a zone from one minute to another, as reported by a tracker. */
export const held = (zoneName: string | undefined, from: number, to = from): Presence => ({
  kind: 'tracked',
  ...(zoneName === undefined ? {} : { zoneId: zone(zoneName) }),
  fromMs: minute(from),
  toMs: minute(to),
});

export function sightingOf(
  visitorId: VisitorId | undefined,
  presences: readonly Presence[],
  more: Partial<Sighting> = {},
): Sighting {
  return {
    storeId: SZ01.storeId,
    sensorId: 'cam1' as SensorId,
    day: november(22),
    startedAt: { instantMs: Math.min(...presences.map(({ fromMs }) => fromMs)), offsetMinutes: 480 },
    ...defined({ visitorId }),
    isStaff: visitorId?.startsWith('user.s.') ?? false,
    presences,
    ...more,
  };
}

export const keyOf = (
  visitorId: VisitorId,
  storeId: StoreId = SZ01.storeId,
  day: BusinessDay = november(22),
) => ({ visitorId, storeId, day });

/** A visitor day after sightings, each under its own visitor. */
export const stayOf = (visitorId: VisitorId, sightings: readonly Sighting[]): VisitorDay =>
  sightings.reduce(
    (stay, sighting) => withParts(stay, new Map([[sighting.visitorId ?? visitorId, evidenceOf(sighting)]])),
    emptyVisitorDay(keyOf(visitorId)),
  );

/** Presences that often overlap, touch, or lie exactly at the gaps that decide. */
export const presence: fc.Arbitrary<Presence> = fc
  .record({
    kind: fc.constantFrom('tracked' as const, 'snapshot' as const),
    zoneId: fc.option(fc.constantFrom('door', 'shelf', 'till'), { nil: undefined }),
    fromMs: fc.oneof(
      fc.integer({ min: 0, max: 240 }).map((count) => count * 5_000),
      fc.integer({ min: 0, max: 3 * 3_600_000 }),
      fc.constantFrom(0, 900_000, 900_001, 910_000, 910_001, 1_800_001),
    ),
    lengthMs: fc.oneof(
      fc.constant(0),
      fc.constantFrom(5_000, 10_000, 900_000),
      fc.integer({ min: 1, max: 600_000 }),
    ),
  })
  .map(({ kind, zoneId, fromMs, lengthMs }) => ({
    kind,
    ...(zoneId === undefined ? {} : { zoneId: zone(zoneId) }),
    fromMs: NINE_MS + fromMs,
    toMs: NINE_MS + fromMs + lengthMs,
  }));

/** Sightings of one visitor by several sensors, under one id or two. */
export const sightings: fc.Arbitrary<Sighting[]> = fc.array(
  fc
    .tuple(
      fc.array(presence, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('cam1', 'cam2', 'xovis1') as fc.Arbitrary<SensorId>,
      fc.constantFrom(ANN, BEN),
      fc.boolean(),
    )
    .map(([presences, sensorId, visitorId, isStaff]) =>
      sightingOf(visitorId, presences, { sensorId, isStaff }),
    ),
  { minLength: 1, maxLength: 8 },
);
