/**
 * What devices saw by themselves, to the log. A track's picture of a face is looked at only after the track itself is
 * safe: a picture costs money, and a crowded log would have it paid for again with every try.
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
import type { Permissions } from '#domain/law/permissions.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { type Observation, observationOf } from './sighting-of-request.ts';

/**
 * Looks at a track's picture of a face: whose it is, as far as the store may know, and nobody where there is nothing
 * to be seen. The picture is not kept. Throws where it could not be looked at now and might be later.
 */
export type IdentifyVisitor = (
  crop: Uint8Array,
  sighting: Sighting,
  where: { readonly store: Store; readonly permissions: Permissions },
) => Promise<VisitorId | undefined>;

export interface IngestSightingsPorts extends AppendPorts {
  readonly sensor: (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;
  /** Absent where no faces are looked at in this installation. */
  readonly faces?: IdentifyVisitor;
  readonly nowMs: () => number;
}

export interface IngestedSightings {
  readonly status: BatchStatus;
  readonly answer: SightingsResponse;
}

interface Accepted {
  readonly ids: string[];
  readonly bestShotDropped?: string;
}

/** A picture that may be looked at, and the sightings of its track. */
interface Shot {
  readonly crop: Uint8Array;
  readonly sightings: readonly [Sighting, ...Sighting[]];
}

type SettledSighting = PreparedEntry<Accepted> & { readonly shot?: Shot };

const SENSORS_AT_ONCE_MAX = 16;
const FACES_AT_ONCE_MAX = 4;

const FACES_OFF = 'faces are off in this store';
const NO_FACES = 'no pictures of tracks are looked at here';
const FACES_BUSY = problem(
  429,
  'faces-throttled',
  'The track is counted, but its picture could not be processed now; send it again later.',
);

/** Takes 1 … 500 sightings of one store. */
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
    unseen: whyUnseen(ports, permissions),
    faultsMax: errorsPerItemMax(bodies.length),
    shown: new Set(),
  };
  const settled = parsed.map((one, index) => settle(one, index, request));

  const isThere = await appendAll(ports, store.storeId, eventsOf(settled));
  const look = ({ crop, sightings }: Shot) => ports.faces?.(crop, sightings[0], { store, permissions });
  const looked = await mapConcurrent(
    settled.map((one, index) => (isThere[index] ? one.shot : undefined)),
    FACES_AT_ONCE_MAX,
    async (shot) => (shot === undefined ? NOBODY : await lookedAt(shot, look, source)),
  );
  const isTold = await appendAll(
    ports,
    store.storeId,
    looked.map(({ merges }) => merges),
  );
  const answers = toItemResults(
    settled,
    isThere.map((there, index) => there && isTold[index] === true),
  );
  const sightings = answers.map((answer, index) =>
    looked[index]?.isBusy ? { status: 'not-accepted' as const, index, problem: FACES_BUSY } : answer,
  );
  const { status, counts } = summarise(sightings);
  return { status, answer: { ...counts, sightings } };
}

/** What is the same for all sightings of a request. */
interface Request {
  readonly store: Store;
  readonly sensors: ReadonlyMap<SensorId, Sensor>;
  readonly nowMs: number;
  readonly source: string;
  /** Why pictures are thrown away unseen; undefined where they are looked at. */
  readonly unseen: string | undefined;
  readonly faultsMax: number;
  /** The tracks that have shown a picture already. */
  readonly shown: Set<string>;
}

type Parsed = v.SafeParseResult<typeof SightingInput>;

function settle(parsed: Parsed, index: number, request: Request): SettledSighting {
  const { store, sensors, nowMs, source, unseen, faultsMax, shown } = request;
  const at = ['sightings', index];
  const invalid = (faults: readonly FieldError[]) => ({
    problem: problem(400, 'invalid-sighting', 'The sighting is not valid.', faults, faultsMax),
  });
  if (!parsed.success) return invalid(fieldErrorsOf(parsed.issues, at));
  const body = parsed.output;
  const seen = observationOf(body, { store, sensor: sensors.get(body.sensor), nowMs }, at, faultsMax);
  if (seen.kind === 'faulty') return invalid(seen.faults);
  const events = eventsOfSeen(seen, body.kind === 'stay' ? body.zone : undefined, source);
  const bytes = events.flatMap((event) => eventBytes(event) ?? []);
  if (bytes.length < events.length) {
    const detail = `must not come to more than ${EVENT_BYTES_MAX} bytes of stretches in zones; send it in parts`;
    return invalid([{ pointer: pointerOf(at), detail }]);
  }
  const accepted = { ids: events.map(({ id }) => id) };
  if (seen.kind === 'passage' || body.kind !== 'track' || body.bestShot === undefined) {
    return { accepted, events: bytes };
  }
  const track = `${body.sensor}#${body.track}`;
  if (shown.has(track)) {
    const detail = 'is a second picture; one per track is enough';
    return invalid([{ pointer: pointerOf([...at, 'bestShot']), detail }]);
  }
  shown.add(track);
  if (unseen !== undefined) return { accepted: { ...accepted, bestShotDropped: unseen }, events: bytes };
  const shot = { crop: Buffer.from(body.bestShot, 'base64'), sightings: seen.sightings };
  return { accepted, events: bytes, shot };
}

const eventsOfSeen = (
  seen: Exclude<Observation, { readonly kind: 'faulty' }>,
  zone: ZoneId | undefined,
  source: string,
): WireEvent[] =>
  seen.kind === 'passage'
    ? [passageRecorded(seen.passage, source)]
    : seen.sightings.map((sighting) => sightingRecorded(sighting, nameOf(sighting, zone), source));

/** Why no picture may be looked at; undefined where it may. The law of the store is asked first. */
function whyUnseen({ faces }: IngestSightingsPorts, { face }: Permissions): string | undefined {
  if (face === 'off') return FACES_OFF;
  return faces === undefined ? NO_FACES : undefined;
}

/** The sensors that sound bodies name, those that the store has. */
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
 * Store, sensor, track, and from when to when it was seen: whoever sends that again tells of the same. A device that
 * works zones out itself tells of two that overlap in two stays of the same times, so a stay is named by its zone as
 * well.
 */
function nameOf({ storeId, sensorId, visitorId, presences }: Sighting, zone: ZoneId | undefined): string {
  const firstMs = presences.reduce((first, { fromMs }) => Math.min(first, fromMs), Number.POSITIVE_INFINITY);
  const lastMs = presences.reduce((last, { toMs }) => Math.max(last, toMs), Number.NEGATIVE_INFINITY);
  const stay = zone === undefined ? [] : [zone];
  return eventName(storeId, sensorId, visitorId ?? '', firstMs, lastMs, ...stay);
}

/** What came of looking at a picture: the events that say whose track it is, or that it has to be sent again. */
interface Looked {
  readonly merges: readonly Uint8Array[];
  readonly isBusy: boolean;
}

const NOBODY: Looked = { merges: [], isBusy: false };

/** A picture that cannot be looked at now costs its device another try, and never the count of its track. */
async function lookedAt(
  shot: Shot,
  look: (shot: Shot) => Promise<VisitorId | undefined> | undefined,
  source: string,
): Promise<Looked> {
  let into: VisitorId | undefined;
  try {
    into = await look(shot);
  } catch {
    return { merges: [], isBusy: true };
  }
  const merges = shot.sightings.flatMap(({ storeId, visitorId, day, startedAt }) => {
    if (into === undefined || visitorId === undefined) return [];
    const event = visitorsMerged(storeId, day, visitorId, into, formatLocalTime(startedAt), source);
    return eventBytes(event) ?? [];
  });
  return { merges, isBusy: false };
}
