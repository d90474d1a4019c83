/** A sensor saw a visitor: in which zones, and from when to when. */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import { type Sighting, visitorIn } from '#domain/place/visits/sighting.ts';
import type { Extent } from '#domain/place/visits/stillness.ts';
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

/** A track's id has its sensor and number alone; `sightingOf` adds the store and the day. */
export const SightingRecordedV1 = defineEvent('sighting.recorded', 1, v.object(fields));

/** Version 2 adds the number of a member whom the device matched itself. */
export const SightingRecordedV2 = defineEvent(
  'sighting.recorded',
  2,
  v.object({ ...fields, member: idText() }),
);

const whole = v.pipe(v.number(), v.safeInteger());

/** Version 3 adds how the sensor counts visitors, and how far positions reached. */
export const SightingRecordedV3 = defineEvent(
  'sighting.recorded',
  3,
  v.object({
    ...fields,
    member: v.optional(idText()),
    /** The stay from which on it counts as a visitor, in milliseconds; at once where absent, never under `zones only`. */
    counting: v.optional(v.union([v.literal('zones only'), v.object({ leastMs: wholeMs })])),
    /** How far positions reached by half hour, rounded to whole units of the sensor. */
    extents: v.optional(
      v.array(
        v.object({
          slotMs: wholeMs,
          fromMs: wholeMs,
          toMs: wholeMs,
          box: v.tuple([whole, whole, whole, whole]),
        }),
      ),
    ),
  }),
);

type DataOf<Event extends v.GenericSchema<unknown, { readonly data: unknown }>> =
  v.InferOutput<Event>['data'];
type SightingData =
  | DataOf<typeof SightingRecordedV1>
  | DataOf<typeof SightingRecordedV2>
  | DataOf<typeof SightingRecordedV3>;

/** Returns the sighting that an event's data holds. */
export function sightingOf(data: SightingData): Sighting {
  const { member, counting, extents } = {
    member: undefined,
    counting: undefined,
    extents: undefined,
    ...data,
  };
  const place = { storeId: data.store, day: data.businessDay };
  return {
    storeId: data.store,
    sensorId: data.sensor,
    day: data.businessDay,
    startedAt: data.startedAt,
    ...(data.visitor === undefined ? {} : { visitorId: visitorIn(place, data.visitor) }),
    isStaff: data.isStaff,
    ...(member === undefined ? {} : { member }),
    presences: data.presences.map(({ zone, ...presence }) => ({
      ...presence,
      ...(zone === undefined ? {} : { zoneId: zone }),
    })),
    ...(counting === undefined ? {} : { counting }),
    ...(extents === undefined
      ? {}
      : {
          extents: extents.map(({ box: [minX, minY, maxX, maxY], ...times }) => ({
            sensorId: data.sensor,
            ...times,
            minX,
            minY,
            maxX,
            maxY,
          })),
        }),
  };
}

/** Returns the event of a sighting. `id` names the observation: published again under it, it is the same event. */
export function sightingRecorded(
  sighting: Sighting,
  id: string,
  source: string,
): v.InferInput<typeof SightingRecordedV3> {
  const head = { id, source, time: formatLocalTime(sighting.startedAt), subject: sighting.storeId };
  return wireEvent(SightingRecordedV3, head, {
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
    ...(sighting.member === undefined ? {} : { member: sighting.member }),
    ...(sighting.counting === undefined ? {} : { counting: sighting.counting }),
    ...(sighting.extents === undefined ? {} : { extents: sighting.extents.map(wireExtent) }),
  });
}

/** Boxes are rounded outwards to whole units; what stays within them does not move. */
const wireExtent = ({ slotMs, fromMs, toMs, minX, minY, maxX, maxY }: Extent) => ({
  slotMs,
  fromMs,
  toMs,
  box: [Math.floor(minX), Math.floor(minY), Math.ceil(maxX), Math.ceil(maxY)] as [
    number,
    number,
    number,
    number,
  ],
});
