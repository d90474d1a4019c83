/** Converts what a device posts into presences in zones by business day. */
import { defined } from '#application/support/defined.ts';
import { type FieldError, pointerOf } from '#contracts/http/problems.ts';
import type { PassageInput, SightingInput, StayInput, TrackInput } from '#contracts/http/sightings.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { dayAt, localTimeAt, type StoreClock } from '#domain/chain/store-clock.ts';
import { PASSAGE_MS_MAX } from '#domain/place/figures/door-counts.ts';
import { byBusinessDay } from '#domain/place/visits/presence-by-day.ts';
import type { Sensor, SensorKind } from '#domain/place/visits/sensor.ts';
import {
  countingOf,
  type Passage,
  type Presence,
  type Sighting,
  visitorOfTrack,
} from '#domain/place/visits/sighting.ts';
import { type Extent, extentsOf } from '#domain/place/visits/stillness.ts';
import { zonePresences } from '#domain/place/visits/zone-presence.ts';
import { errorsOfInstant, type PathError, SPAN_MS_MAX, samplesOf } from './samples.ts';

/**
 * A presence in a zone takes about 70 bytes of an event of at most 350,000. A thousand samples cross zone borders that often
 * only where dozens of zones overlap.
 */
const PRESENCES_MAX = 5_000;

const SENSOR_KINDS: Readonly<Record<SightingInput['kind'], readonly SensorKind[]>> = {
  track: ['camera', 'tracker'],
  stay: ['camera', 'tracker'],
  passage: ['door', 'tracker'],
};

/** The store and sensor of a request. */
export interface Setting {
  readonly store: StoreClock & { readonly storeId: StoreId };
  /** Undefined where the store has no such sensor. */
  readonly sensor: Sensor | undefined;
  readonly nowMs: number;
}

export type Observation =
  | { readonly kind: 'sightings'; readonly sightings: readonly [Sighting, ...Sighting[]] }
  | { readonly kind: 'passage'; readonly passage: Passage }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/**
 * Returns what a body reports, or its errors.
 *
 * @param at the path of the sighting in the request, with which pointers begin
 * @param errorsMax the number of errors after which validation stops
 */
export function observationOf(
  body: SightingInput,
  setting: Setting,
  at: ReadonlyArray<string | number>,
  errorsMax: number,
): Observation {
  const { sensor, store, nowMs } = setting;
  const invalid = (errors: readonly PathError[]): Observation => ({
    kind: 'invalid',
    errors: errors.map(([path, detail]) => ({ pointer: pointerOf([...at, ...path]), detail })),
  });
  if (sensor === undefined) return invalid([[['sensor'], `is not a sensor of store ${store.storeId}`]]);
  const errors = errorsOfSensor(body, sensor);
  if (body.kind === 'track') {
    const read = samplesOf(body.samples, nowMs, errorsMax);
    if ('errors' in read || errors.length > 0) {
      return invalid([...errors, ...('errors' in read ? read.errors : [])]);
    }
    const presences = zonePresences(sensor, read.samples);
    if (presences.length > PRESENCES_MAX) {
      return invalid([[['samples'], `must not give more than ${PRESENCES_MAX} presences in zones`]]);
    }
    return {
      kind: 'sightings',
      sightings: sightingsOf(
        body,
        presences,
        { ...setting, sensor },
        extentsOf(sensor.sensorId, read.samples),
      ),
    };
  }
  const all = [...errors, ...errorsOfPeriod(body, setting)];
  if (all.length > 0) return invalid(all);
  if (body.kind === 'passage') return { kind: 'passage', passage: passageOf(body, setting) };
  return { kind: 'sightings', sightings: sightingsOf(body, [presenceOf(body)], { ...setting, sensor }) };
}

function errorsOfSensor(body: SightingInput, sensor: Sensor): PathError[] {
  const kinds = SENSOR_KINDS[body.kind];
  if (!kinds.includes(sensor.kind)) {
    return [[['sensor'], `is a ${sensor.kind}; a ${body.kind} comes from a ${kinds.join(' or a ')}`]];
  }
  if (body.kind !== 'stay' || body.zone === undefined || sensor.zones.length === 0) return [];
  // A device that computes zones itself may have none drawn here; where zones are drawn, others are rejected.
  const isKnown = sensor.zones.some(({ zoneId }) => zoneId === body.zone);
  return isKnown ? [] : [[['zone'], `is not a zone of sensor ${sensor.sensorId}`]];
}

function errorsOfPeriod(
  { kind, from, to }: StayInput | PassageInput,
  { store, nowMs }: Setting,
): PathError[] {
  const errors = [...errorsOfInstant(from, ['from'], nowMs), ...errorsOfInstant(to, ['to'], nowMs)];
  if (errors.length > 0) return errors;
  if (to < from) return [[['to'], 'must not be before from']];
  if (kind === 'passage' && to === from) return [[['to'], 'must be after from']];
  if (kind === 'passage' && to - from > PASSAGE_MS_MAX) {
    return [[['to'], 'must not be more than an hour after from; send the count hour by hour']];
  }
  if (kind === 'passage' && dayAt(from, store) !== dayAt(to - 1, store)) {
    return [
      [['to'], "must not be beyond the store's day cut; send the count of each business day for itself"],
    ];
  }
  return to - from > SPAN_MS_MAX ? [[['to'], 'must not be more than a day after from']] : [];
}

const presenceOf = ({ zone, from, to }: StayInput): Presence => ({
  kind: 'tracked',
  ...(zone === undefined ? {} : { zoneId: zone }),
  fromMs: from,
  toMs: to,
});

function sightingsOf(
  { sensor, track, isStaff = false, member }: TrackInput | StayInput,
  presences: readonly Presence[],
  { store, sensor: { counts } }: Setting & { readonly sensor: Sensor },
  extents: readonly Extent[] = [],
): [Sighting, ...Sighting[]] {
  const sightings = [...byBusinessDay(presences, store)].map(([day, own]): Sighting => {
    const ofDay = extents.filter(({ fromMs }) => dayAt(fromMs, store) === day);
    const firstMs = own.reduce((earliest, { fromMs }) => Math.min(earliest, fromMs), own[0].fromMs);
    return {
      storeId: store.storeId,
      sensorId: sensor,
      day,
      startedAt: localTimeAt(firstMs, store),
      visitorId: visitorOfTrack({ storeId: store.storeId, day }, sensor, track),
      isStaff,
      ...(member === undefined ? {} : { member }),
      presences: own,
      ...defined({ counting: countingOf(counts) }),
      ...(ofDay.length === 0 ? {} : { extents: ofDay }),
    };
  });
  const [first, ...more] = sightings;
  if (first === undefined) throw new Error(`track ${track} of ${sensor} has no presence`);
  return [first, ...more];
}

const passageOf = (body: PassageInput, { store }: Setting): Passage => ({
  storeId: store.storeId,
  sensorId: body.sensor,
  day: dayAt(body.from, store),
  startedAt: localTimeAt(body.from, store),
  endedAtMs: body.to,
  entered: body.in,
  left: body.out,
});
