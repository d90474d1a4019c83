/**
 * Appends what devices detected themselves to the event log. A track's best shot is identified only after the track is
 * appended: identification costs money, and a throttled stream would have it paid for again with every retry.
 */
import * as v from 'valibot';
import {
  type AppendPorts,
  appendAll,
  type BatchStatus,
  EVENT_BYTES_MAX,
  errorsPerItemMax,
  eventBytes,
  eventsOf,
  type PreparedEntry,
  summarise,
  toItemResults,
} from '#application/ingestion/batch-response.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { eventName } from '#contracts/events/envelope.ts';
import type { WireEvent } from '#contracts/events/parse-event.ts';
import { passageRecorded } from '#contracts/events/passage-recorded.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitorsMerged } from '#contracts/events/visitor-merged.ts';
import { type FieldError, fieldErrorsOf, pointerOf, problem } from '#contracts/http/problems.ts';
import { SightingInput, type SightingsResponse } from '#contracts/http/sightings.ts';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { DeviceId, SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import type { Permissions } from '#domain/law/face-permissions.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { type Observation, observationOf } from './sighting-of-request.ts';

/**
 * Identifies the visitor on a track's best shot, as far as the store may; undefined where no face is usable. The picture is
 * not stored. Throws where it cannot be processed now.
 */
export type IdentifyVisitor = (
  crop: Uint8Array,
  sighting: Sighting,
  where: { readonly store: Store; readonly permissions: Permissions },
) => Promise<VisitorId | undefined>;

export interface IngestSightingsPorts extends AppendPorts {
  readonly sensor: (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;
  /** Absent in an installation without face recognition. */
  readonly identify?: IdentifyVisitor;
  readonly nowMs: () => number;
}

export interface IngestedSightings {
  readonly status: BatchStatus;
  readonly response: SightingsResponse;
}

interface Accepted {
  readonly ids: string[];
  readonly bestShotDropped?: string;
}

/** A best shot that may be identified, and the sightings of its track. */
interface BestShot {
  readonly crop: Uint8Array;
  readonly sightings: readonly [Sighting, ...Sighting[]];
}

type PreparedSighting = PreparedEntry<Accepted> & { readonly shot?: BestShot };

const SENSORS_AT_ONCE_MAX = 16;
const FACES_AT_ONCE_MAX = 4;

const FACES_OFF = 'faces are off in this store';
const NO_FACES = 'this installation has no face recognition';
const FACES_BUSY = problem(
  429,
  'faces-throttled',
  'The track is counted, but its picture could not be processed now; send it again later.',
);

/** Validates 1 … 500 sightings of one store, appends them to the event log and identifies best shots. */
export async function ingestSightings(
  ports: IngestSightingsPorts,
  store: Store,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<IngestedSightings> {
  const nowMs = ports.nowMs();
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const parsed = bodies.map((body) => v.safeParse(SightingInput, body));
  const sensors = await sensorsOf(ports, store.storeId, parsed);
  const permissions = permissionsOf(store.law, dayAt(nowMs, store));
  const request: Request = {
    store,
    sensors,
    nowMs,
    source,
    dropReason: dropReasonOf(ports, permissions),
    errorsMax: errorsPerItemMax(bodies.length),
    tracksWithShot: new Set(),
  };
  const prepared = parsed.map((one, index) => prepare(one, index, request));

  const isAppended = await appendAll(ports, store.storeId, eventsOf(prepared));
  const identify = ({ crop, sightings }: BestShot) =>
    ports.identify?.(crop, sightings[0], { store, permissions });
  const identified = await mapConcurrent(
    prepared.map((one, index) => (isAppended[index] ? one.shot : undefined)),
    FACES_AT_ONCE_MAX,
    async (shot) => (shot === undefined ? NOT_IDENTIFIED : await mergesOf(shot, identify, source)),
  );
  const isMergeAppended = await appendAll(
    ports,
    store.storeId,
    identified.map(({ merges }) => merges),
  );
  const results = toItemResults(
    prepared,
    isAppended.map((isSafe, index) => isSafe && isMergeAppended[index] === true),
  );
  const sightings = results.map((result, index) =>
    identified[index]?.isThrottled ? { status: 'not-accepted' as const, index, problem: FACES_BUSY } : result,
  );
  const { status, counts } = summarise(sightings);
  return { status, response: { ...counts, sightings } };
}

/** What all sightings of a request share. */
interface Request {
  readonly store: Store;
  readonly sensors: ReadonlyMap<SensorId, Sensor>;
  readonly nowMs: number;
  readonly source: string;
  /** Why pictures are dropped; undefined where they are identified. */
  readonly dropReason: string | undefined;
  readonly errorsMax: number;
  /** The tracks that have had a best shot in this request. */
  readonly tracksWithShot: Set<string>;
}

type Parsed = v.SafeParseResult<typeof SightingInput>;

function prepare(parsed: Parsed, index: number, request: Request): PreparedSighting {
  const { store, sensors, nowMs, source, dropReason, errorsMax, tracksWithShot } = request;
  const at = ['sightings', index];
  const invalid = (errors: readonly FieldError[]) => ({
    problem: problem(400, 'invalid-sighting', 'The sighting is not valid.', errors, errorsMax),
  });
  if (!parsed.success) return invalid(fieldErrorsOf(parsed.issues, at));
  const body = parsed.output;
  const observation = observationOf(body, { store, sensor: sensors.get(body.sensor), nowMs }, at, errorsMax);
  if (observation.kind === 'invalid') return invalid(observation.errors);
  const events = eventsOfObservation(observation, body.kind === 'stay' ? body.zone : undefined, source);
  const bytes = events.flatMap((event) => eventBytes(event) ?? []);
  if (bytes.length < events.length) {
    const detail = `must not exceed ${EVENT_BYTES_MAX} bytes of zone presences; send it in parts`;
    return invalid([{ pointer: pointerOf(at), detail }]);
  }
  const accepted = { ids: events.map(({ id }) => id) };
  if (observation.kind === 'passage' || body.kind !== 'track' || body.bestShot === undefined) {
    return { accepted, events: bytes };
  }
  const track = `${body.sensor}#${body.track}`;
  if (tracksWithShot.has(track)) {
    const detail = 'is a second picture of the track; one per track is allowed';
    return invalid([{ pointer: pointerOf([...at, 'bestShot']), detail }]);
  }
  tracksWithShot.add(track);
  if (dropReason !== undefined) {
    return { accepted: { ...accepted, bestShotDropped: dropReason }, events: bytes };
  }
  const shot = { crop: Buffer.from(body.bestShot, 'base64'), sightings: observation.sightings };
  return { accepted, events: bytes, shot };
}

const eventsOfObservation = (
  observation: Exclude<Observation, { readonly kind: 'invalid' }>,
  zone: ZoneId | undefined,
  source: string,
): WireEvent[] =>
  observation.kind === 'passage'
    ? [passageRecorded(observation.passage, source)]
    : observation.sightings.map((sighting) => sightingRecorded(sighting, nameOf(sighting, zone), source));

/** Returns why pictures are dropped; undefined where they may be identified. The store's law comes first. */
function dropReasonOf({ identify }: IngestSightingsPorts, { face }: Permissions): string | undefined {
  if (face === 'off') return FACES_OFF;
  return identify === undefined ? NO_FACES : undefined;
}

/** Returns those sensors of the store that valid bodies name. */
async function sensorsOf(
  { sensor }: IngestSightingsPorts,
  storeId: StoreId,
  parsed: readonly Parsed[],
): Promise<ReadonlyMap<SensorId, Sensor>> {
  const ids = [...new Set(parsed.flatMap((one) => (one.success ? [one.output.sensor] : [])))];
  const found = await mapConcurrent(ids, SENSORS_AT_ONCE_MAX, (id) => sensor(storeId, id));
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.sensorId, one] as const])));
}

/**
 * Returns the id of a sighting from store, sensor, track, and its first and last time, so that a repeated request gives the
 * same id. A device that computes zones itself posts overlapping zones as two stays of the same times, so the zone of a stay
 * is part of its id.
 */
function nameOf({ storeId, sensorId, visitorId, presences }: Sighting, zone: ZoneId | undefined): string {
  const firstMs = presences.reduce((first, { fromMs }) => Math.min(first, fromMs), Number.POSITIVE_INFINITY);
  const lastMs = presences.reduce((last, { toMs }) => Math.max(last, toMs), Number.NEGATIVE_INFINITY);
  const stay = zone === undefined ? [] : [zone];
  return eventName(storeId, sensorId, visitorId ?? '', firstMs, lastMs, ...stay);
}

/** The result of a best shot: the events that merge its track into a visitor, or that it has to be sent again. */
interface IdentifiedShot {
  readonly merges: readonly Uint8Array[];
  readonly isThrottled: boolean;
}

const NOT_IDENTIFIED: IdentifiedShot = { merges: [], isThrottled: false };

/** Identifies a best shot. Where that fails, the device sends it again, and the track is counted all the same. */
async function mergesOf(
  shot: BestShot,
  identify: (shot: BestShot) => Promise<VisitorId | undefined> | undefined,
  source: string,
): Promise<IdentifiedShot> {
  let into: VisitorId | undefined;
  try {
    into = await identify(shot);
  } catch {
    return { merges: [], isThrottled: true };
  }
  const merges = shot.sightings.flatMap(({ storeId, visitorId, day, startedAt }) => {
    if (into === undefined || visitorId === undefined) return [];
    const event = visitorsMerged(storeId, day, visitorId, into, formatLocalTime(startedAt), source);
    return eventBytes(event) ?? [];
  });
  return { merges, isThrottled: false };
}
