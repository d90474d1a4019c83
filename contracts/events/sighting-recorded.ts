/** A sensor saw a visitor: in which zones, and from when to when. */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { businessDay, idText, localTime, wholeMs } from '../primitives.ts';
import { defineEvent, wireEvent } from './envelope.ts';

export const SIGHTING_RECORDED = 'aisle.sighting.recorded';

export const SightingRecordedV1 = defineEvent(
  'sighting.recorded',
  1,
  v.object({
    store: idText<StoreId>(),
    sensor: idText<SensorId>(),
    businessDay: businessDay(),
    startedAt: localTime(),
    visitor: v.optional(idText<VisitorId>()),
    isStaff: v.optional(v.boolean(), false),
    presences: v.pipe(
      v.array(
        v.object({
          kind: v.picklist(['tracked', 'snapshot']),
          zone: v.optional(idText<ZoneId>()),
          fromMs: wholeMs,
          toMs: wholeMs,
        }),
      ),
      v.minLength(1),
    ),
  }),
);

/** Returns the sighting that an event's data holds. */
export function sightingOf(data: v.InferOutput<typeof SightingRecordedV1>['data']): Sighting {
  return {
    storeId: data.store,
    sensorId: data.sensor,
    day: data.businessDay,
    startedAt: data.startedAt,
    ...(data.visitor === undefined ? {} : { visitorId: data.visitor }),
    isStaff: data.isStaff,
    presences: data.presences.map(({ zone, ...presence }) => ({
      ...presence,
      ...(zone === undefined ? {} : { zoneId: zone }),
    })),
  };
}

/** Returns the event of a sighting. `id` names the observation: published again under it, it is the same event. */
export const sightingRecorded = (
  sighting: Sighting,
  id: string,
  source: string,
): v.InferInput<typeof SightingRecordedV1> =>
  wireEvent(
    SightingRecordedV1,
    { id, source, time: formatLocalTime(sighting.startedAt), subject: sighting.storeId },
    {
      store: sighting.storeId,
      sensor: sighting.sensorId,
      businessDay: sighting.day,
      startedAt: formatLocalTime(sighting.startedAt),
      ...(sighting.visitorId === undefined ? {} : { visitor: sighting.visitorId }),
      ...(sighting.isStaff ? { isStaff: true } : {}),
      presences: sighting.presences.map(({ kind, zoneId, fromMs, toMs }) => ({
        kind,
        ...(zoneId === undefined ? {} : { zone: zoneId }),
        fromMs,
        toMs,
      })),
    },
  );
