/** A sensor saw a visitor: in which zones, and from when to when. */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { businessDay, idText, localTime, wholeMs } from '../primitives.ts';
import { defineEvent, wireEvent } from './envelope.ts';

export const SIGHTING_RECORDED = 'aisle.sighting.recorded';

const fields = {
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
};

export const SightingRecordedV1 = defineEvent('sighting.recorded', 1, v.object(fields));

/** Version 2 adds the number of a member whom the device matched itself; a sighting without one is still version 1. */
export const SightingRecordedV2 = defineEvent(
  'sighting.recorded',
  2,
  v.object({ ...fields, member: idText() }),
);

type SightingData = v.InferOutput<typeof SightingRecordedV1 | typeof SightingRecordedV2>['data'];

/** Returns the sighting that an event's data holds. */
export function sightingOf(data: SightingData): Sighting {
  return {
    storeId: data.store,
    sensorId: data.sensor,
    day: data.businessDay,
    startedAt: data.startedAt,
    ...(data.visitor === undefined ? {} : { visitorId: data.visitor }),
    isStaff: data.isStaff,
    ...('member' in data ? { member: data.member } : {}),
    presences: data.presences.map(({ zone, ...presence }) => ({
      ...presence,
      ...(zone === undefined ? {} : { zoneId: zone }),
    })),
  };
}

/** Returns the event of a sighting. `id` names the observation: published again under it, it is the same event. */
export function sightingRecorded(
  sighting: Sighting,
  id: string,
  source: string,
): v.InferInput<typeof SightingRecordedV1> | v.InferInput<typeof SightingRecordedV2> {
  const head = { id, source, time: formatLocalTime(sighting.startedAt), subject: sighting.storeId };
  const data = {
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
  };
  return sighting.member === undefined
    ? wireEvent(SightingRecordedV1, head, data)
    : wireEvent(SightingRecordedV2, head, { ...data, member: sighting.member });
}
