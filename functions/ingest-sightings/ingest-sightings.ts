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
import {
  type FieldError,
  fieldErrorsOf,
  type Problem,
  pointerOf,
  problem,
} from '#contracts/http/problems.ts';
import { SightingInput, type SightingsResponse } from '#contracts/http/sightings.ts';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { DeviceId, SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { barsOf, permissionsOf } from '#domain/law/compile.ts';
import type { CloudLocation } from '#domain/law/countries.ts';
import { type Permissions, type Reason, reasonsText, whyWithheld } from '#domain/law/face-permissions.ts';
import { mayExamine } from '#domain/law/pictures.ts';
import { memberUserId } from '#domain/people/faces/face-user.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import { type Sighting, visitorOfUser } from '#domain/place/visits/sighting.ts';
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

/** Returns whether a member has consented to the use of their face. */
export type HasFaceConsent = (member: string, atMs: number) => Promise<boolean>;

export interface IngestSightingsPorts extends AppendPorts {
  readonly sensor: (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;
  /** Absent in an installation without face recognition. */
  readonly identify?: IdentifyVisitor;
  /** Absent in an installation without customers. */
  readonly hasFaceConsent?: HasFaceConsent;
  /** Where pictures are sent to. */
  readonly cloud: CloudLocation;
  readonly nowMs: () => number;
}

export interface IngestedSightings {
  readonly status: BatchStatus;
  readonly response: SightingsResponse;
}

interface Accepted {
  readonly ids: string[];
  readonly memberDropped?: string;
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

const MEMBERS_AT_ONCE_MAX = 16;

const NO_CONSENT = 'the member has not consented to the use of their face';
const NO_MEMBERS = 'no device may report members in this store.';
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
  const today = dayAt(nowMs, store);
  const permissions = permissionsOf(store, ports.cloud, today);
  const request: Request = {
    store,
    sensors,
    nowMs,
    source,
    permissions,
    bars: barsOf(store, ports.cloud, today),
    consenting: await consentingOf(ports, permissions, parsed, nowMs),
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
  readonly permissions: Permissions;
  /** Why no picture of the store may be sent here. */
  readonly bars: readonly Reason[];
  /** Members whose numbers count; undefined where no member number does. */
  readonly consenting: ReadonlySet<string> | undefined;
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
  const { body, memberDropped } = withPermittedMember(parsed.output, request);
  const observation = observationOf(body, { store, sensor: sensors.get(body.sensor), nowMs }, at, errorsMax);
  if (observation.kind === 'invalid') return invalid(observation.errors);
  const events = eventsOfObservation(observation, body.kind === 'stay' ? body.zone : undefined, source);
  const bytes = events.flatMap((event) => eventBytes(event) ?? []);
  if (bytes.length < events.length) {
    const detail = `must not exceed ${EVENT_BYTES_MAX} bytes of zone presences; send it in parts`;
    return invalid([{ pointer: pointerOf(at), detail }]);
  }
  const merges = observation.kind === 'passage' ? [] : memberMerges(observation.sightings, source);
  const accepted = {
    ids: events.map(({ id }) => id),
    ...(memberDropped === undefined ? {} : { memberDropped }),
  };
  if (observation.kind === 'passage' || body.kind !== 'track' || body.bestShot === undefined) {
    return { accepted, events: [...bytes, ...merges] };
  }
  const barred = whyPictureBarred(sensors.get(body.sensor), request);
  if (barred !== undefined) return { problem: barred };
  const track = `${body.sensor}#${body.track}`;
  if (tracksWithShot.has(track)) {
    const detail = 'is a second picture of the track; one per track is allowed';
    return invalid([{ pointer: pointerOf([...at, 'bestShot']), detail }]);
  }
  tracksWithShot.add(track);
  if (dropReason !== undefined) {
    return { accepted: { ...accepted, bestShotDropped: dropReason }, events: [...bytes, ...merges] };
  }
  const shot = { crop: Buffer.from(body.bestShot, 'base64'), sightings: observation.sightings };
  return { accepted, events: [...bytes, ...merges], shot };
}

/** Returns the body without a member number that does not count, with the reason. */
function withPermittedMember(
  body: SightingInput,
  { permissions, consenting }: Request,
): { readonly body: SightingInput; readonly memberDropped?: string } {
  if (body.kind === 'passage' || body.member === undefined) return { body };
  if (consenting?.has(body.member)) return { body };
  const { member: _, ...without } = body;
  const isPermitted = permissions.deviceMembers;
  const memberDropped = isPermitted ? NO_CONSENT : `${NO_MEMBERS}${whyWithheld(permissions, 'face')}`;
  return { body: without, memberDropped };
}

/** Returns the members among valid sightings who have consented to faces; undefined where the store may report none. */
async function consentingOf(
  { hasFaceConsent }: IngestSightingsPorts,
  { deviceMembers }: Permissions,
  parsed: readonly Parsed[],
  nowMs: number,
): Promise<ReadonlySet<string> | undefined> {
  if (!deviceMembers || hasFaceConsent === undefined) return undefined;
  const numbers = parsed.flatMap(({ success, output }) =>
    success && output.kind !== 'passage' ? (output.member ?? []) : [],
  );
  const unique = [...new Set(numbers)];
  const answers = await mapConcurrent(unique, MEMBERS_AT_ONCE_MAX, (one) => hasFaceConsent(one, nowMs));
  return new Set(unique.filter((_, index) => answers[index]));
}

/** Returns the events that join the track of a matched member with the member's visits. */
const memberMerges = (sightings: readonly Sighting[], source: string): Uint8Array[] =>
  sightings.flatMap(({ storeId, visitorId, day, startedAt, member }) => {
    const userId = member === undefined ? undefined : memberUserId('member', member);
    if (userId === undefined || visitorId === undefined) return [];
    const into = visitorOfUser(userId);
    return (
      eventBytes(visitorsMerged(storeId, day, visitorId, into, formatLocalTime(startedAt), source)) ?? []
    );
  });

/** Returns the refusal of a picture that must not be sent here at all; a picture that is merely not used is dropped. */
function whyPictureBarred(
  sensor: Sensor | undefined,
  { store, bars, permissions, dropReason }: Request,
): Problem | undefined {
  if (bars.length > 0) {
    const why = `No picture of store ${store.storeId} may be sent here; send the sighting without it.`;
    return problem(409, 'pictures-not-permitted', `${why}${reasonsText(bars)}`);
  }
  if (dropReason !== undefined || sensor === undefined || mayExamine(permissions, sensor)) return undefined;
  const why = `Sensor ${sensor.sensorId} has no lane for people who have agreed; send the sighting without a picture.`;
  return problem(409, 'lane-required', `${why}${whyWithheld(permissions, 'pictures')}`);
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
