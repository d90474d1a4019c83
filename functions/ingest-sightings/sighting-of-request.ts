/** A device's wording of what it saw, settled: presences in zones by business day, or what is wrong with it. */
import { type FieldError, pointerOf } from '#contracts/http/problems.ts';
import type { PassageInput, SightingInput, StayInput, TrackInput } from '#contracts/http/sightings.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { dayAt, localTimeAt, type StoreClock } from '#domain/chain/store-clock.ts';
import { byBusinessDay } from '#domain/place/visits/presence-by-day.ts';
import type { Sensor, SensorKind } from '#domain/place/visits/sensor.ts';
import { type Passage, type Presence, type Sighting, visitorOfTrack } from '#domain/place/visits/sighting.ts';
import { zonePresences } from '#domain/place/visits/zone-presence.ts';
import { faultsOfInstant, type PlacedFault, SPAN_MS_MAX, samplesOf } from './samples.ts';

/**
 * Each stretch in a zone takes some 70 bytes of an event, of which there may be 350,000. Nobody crosses a border five
 * thousand times in a thousand samples, unless dozens of zones lie over each other.
 */
const PRESENCES_MAX = 5_000;

const SENSOR_KINDS: Readonly<Record<SightingInput['kind'], readonly SensorKind[]>> = {
  track: ['camera', 'tracker'],
  stay: ['camera', 'tracker'],
  passage: ['door', 'tracker'],
};

/** Where and when it was seen. */
export interface Setting {
  readonly store: StoreClock & { readonly storeId: StoreId };
  /** Undefined where the store has no such sensor. */
  readonly sensor: Sensor | undefined;
  readonly nowMs: number;
}

export type Observation =
  | { readonly kind: 'sightings'; readonly sightings: readonly [Sighting, ...Sighting[]] }
  | { readonly kind: 'passage'; readonly passage: Passage }
  | { readonly kind: 'faulty'; readonly faults: readonly FieldError[] };

/** What a body tells of; pointers of faults begin at `at`, and beyond `faultsMax` none is looked for. */
export function observationOf(
  body: SightingInput,
  setting: Setting,
  at: ReadonlyArray<string | number>,
  faultsMax: number,
): Observation {
  const { sensor, store, nowMs } = setting;
  const faulty = (faults: readonly PlacedFault[]): Observation => ({
    kind: 'faulty',
    faults: faults.map(([path, detail]) => ({ pointer: pointerOf([...at, ...path]), detail })),
  });
  if (sensor === undefined) return faulty([[['sensor'], `is no sensor of store ${store.storeId}`]]);
  const faults = faultsOfSensor(body, sensor);
  if (body.kind === 'track') {
    const read = samplesOf(body.samples, nowMs, faultsMax);
    if ('faults' in read || faults.length > 0) {
      return faulty([...faults, ...('faults' in read ? read.faults : [])]);
    }
    const presences = zonePresences(sensor, read.samples);
    if (presences.length > PRESENCES_MAX) {
      return faulty([[['samples'], `must not come to more than ${PRESENCES_MAX} stretches in zones`]]);
    }
    return { kind: 'sightings', sightings: sightingsOf(body, presences, store) };
  }
  const all = [...faults, ...faultsOfStretch(body, nowMs)];
  if (all.length > 0) return faulty(all);
  if (body.kind === 'passage') return { kind: 'passage', passage: passageOf(body, setting) };
  return { kind: 'sightings', sightings: sightingsOf(body, [presenceOf(body)], store) };
}

function faultsOfSensor(body: SightingInput, sensor: Sensor): PlacedFault[] {
  const kinds = SENSOR_KINDS[body.kind];
  if (!kinds.includes(sensor.kind)) {
    return [[['sensor'], `is a ${sensor.kind}; a ${body.kind} comes from a ${kinds.join(' or a ')}`]];
  }
  if (body.kind !== 'stay' || body.zone === undefined || sensor.zones.length === 0) return [];
  // A device that works its zones out itself may have none drawn here; one that has may not invent others.
  const isKnown = sensor.zones.some(({ zoneId }) => zoneId === body.zone);
  return isKnown ? [] : [[['zone'], `is no zone of sensor ${sensor.sensorId}`]];
}

function faultsOfStretch({ kind, from, to }: StayInput | PassageInput, nowMs: number): PlacedFault[] {
  const faults = [...faultsOfInstant(from, ['from'], nowMs), ...faultsOfInstant(to, ['to'], nowMs)];
  if (faults.length > 0) return faults;
  if (to < from) return [[['to'], 'must not be before from']];
  if (kind === 'passage' && to === from) return [[['to'], 'must be after from']];
  return to - from > SPAN_MS_MAX ? [[['to'], 'must not be more than a day after from']] : [];
}

const presenceOf = ({ zone, from, to }: StayInput): Presence => ({
  kind: 'tracked',
  ...(zone === undefined ? {} : { zoneId: zone }),
  fromMs: from,
  toMs: to,
});

function sightingsOf(
  { sensor, track, isStaff = false }: TrackInput | StayInput,
  presences: readonly Presence[],
  store: Setting['store'],
): [Sighting, ...Sighting[]] {
  const sightings = [...byBusinessDay(presences, store)].map(([day, own]): Sighting => {
    const firstMs = own.reduce((earliest, { fromMs }) => Math.min(earliest, fromMs), own[0].fromMs);
    return {
      storeId: store.storeId,
      sensorId: sensor,
      day,
      startedAt: localTimeAt(firstMs, store),
      visitorId: visitorOfTrack(sensor, track),
      isStaff,
      presences: own,
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
