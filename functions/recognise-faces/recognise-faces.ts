/**
 * Recognises the faces of a camera's frame: validates the JPEG header, processes the picture as far as the store's law
 * permits, and appends each face to the event log as a sighting in the zones where it was, with or without a visitor.
 *
 * A person's position is the centre of the face, in the picture for which the camera's zones are drawn. A face is about 1.5 m
 * above the floor, so the zones of a camera are drawn where heads are, not feet.
 */

import { createHash } from 'node:crypto';
import type { PlannedFace } from '#application/faces/face-plan.ts';
import {
  examinePicture,
  finishPicture,
  type ProcessPicturePorts,
  postponePicture,
} from '#application/faces/process-picture.ts';
import { append, type RetryClock } from '#application/ingestion/append.ts';
import type { EventLog } from '#application/ports/event-log.ts';
import { defined } from '#application/support/defined.ts';
import { eventName } from '#contracts/events/envelope.ts';
import { sensorReported } from '#contracts/events/sensor-reported.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { FACES_PER_FRAME_MAX, type FaceResult, type FrameResponse } from '#contracts/http/frames.ts';
import { type Problem, problem } from '#contracts/http/problems.ts';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { DeviceId, SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt, localTimeAt } from '#domain/chain/store-clock.ts';
import { type Permissions, whyWithheld } from '#domain/law/face-permissions.ts';
import { mayExamine } from '#domain/law/pictures.ts';
import { type JpegSize, readJpeg, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { type Sensor, zonesAt } from '#domain/place/visits/sensor.ts';
import { countingOf, type Sighting, visitorOfUser } from '#domain/place/visits/sighting.ts';
import { extentsOf } from '#domain/place/visits/stillness.ts';
import type { ReportingSensors } from '../shared/reporting-sensors.ts';

export interface RecogniseFacesPorts extends ProcessPicturePorts {
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly sensor: (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;
  /** The cameras that have reported a frame without a face on a day: one a day is enough. */
  readonly reported: ReportingSensors;
}

export interface Frame {
  readonly cameraId: SensorId;
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

export type RecognisedFrame =
  | { readonly kind: 'recognised'; readonly response: FrameResponse }
  | { readonly kind: 'rejected'; readonly problem: Problem; readonly retryAfterSeconds?: number };

/** Clocks of cameras run ahead by seconds; further ahead, the clock is wrong. */
export const FRAME_AHEAD_MS_MAX = 60_000;
/** A store may send frames after a week offline; cells of minutes are retained for eight days. */
export const LATE_MS_MAX = 8 * DAY_MS;

const rejected = (status: number, name: string, detail: string): RecognisedFrame => ({
  kind: 'rejected',
  problem: problem(status, name, detail),
});

/** Recognises the faces of one frame, in a store that permits faces. */
export async function recogniseFaces(
  ports: RecogniseFacesPorts,
  store: Store,
  deviceId: DeviceId,
  permissions: Permissions,
  callsMax: number,
  { cameraId, atMs, bytes }: Frame,
): Promise<RecognisedFrame> {
  const { face: mode } = permissions;
  if (mode === 'off') throw new Error('a frame was processed in a store where faces are off');
  const nowMs = ports.nowMs();
  if (atMs > nowMs + FRAME_AHEAD_MS_MAX)
    return rejected(422, 'timestamp-in-future', 'The time is in the future.');
  if (atMs < nowMs - LATE_MS_MAX)
    return rejected(422, 'timestamp-too-old', 'The time is more than eight days ago.');
  const camera = await ports.sensor(store.storeId, cameraId);
  if (camera === undefined || camera.kind !== 'camera') {
    return rejected(422, 'camera-not-found', `Store ${store.storeId} has no camera ${cameraId}.`);
  }
  if (!mayExamine(permissions, camera)) {
    const why = `Camera ${cameraId} has no lane for people who have agreed; the picture was discarded.`;
    return rejected(409, 'lane-required', `${why}${whyWithheld(permissions, 'pictures')}`);
  }
  const size = readJpeg(bytes);
  if (size.kind !== 'jpeg') return rejected(422, 'invalid-image', whyInvalid(size));
  const unusable = unusableSize(size);
  if (unusable !== undefined) return rejected(422, 'unsupported-image', unusable);

  const frameId = frameIdOf(store.storeId, cameraId, atMs, bytes);
  const picture = {
    frameId,
    storeId: store.storeId,
    day: dayAt(atMs, store),
    atMs,
    bytes,
    width: size.width,
    height: size.height,
    facesMax: FACES_PER_FRAME_MAX,
  };
  const zonesOf = (face: PlannedFace) => zonesAt(camera, centreOf(face, camera.drawnFor ?? size));
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  let outcome = await examinePicture(ports, picture, permissions, { day: dayAt(nowMs, store), callsMax });
  if (outcome.kind === 'examined') {
    const events = outcome.faces.map((face, index) => {
      const sighting = sightingOf(face, zonesOf(face), store, camera, atMs);
      return sightingRecorded(sighting, eventName(store.storeId, 'frame', frameId, index), source);
    });
    const isPublished = await (events.length > 0
      ? appendEvents(ports, store.storeId, events)
      : reportEmpty(ports, store, camera, mode === 'visitors', atMs, source));
    outcome = await (isPublished ? finishPicture : postponePicture)(ports.store, outcome);
  }
  if (outcome.kind === 'unreadable') return rejected(422, 'invalid-image', outcome.reason);
  if (outcome.kind === 'busy') {
    return {
      kind: 'rejected',
      problem: problem(429, 'busy', 'The frame could not be processed now and was discarded; send it again.'),
      retryAfterSeconds: outcome.retryAfterSeconds,
    };
  }
  return {
    kind: 'recognised',
    response: {
      frame: frameId,
      mode,
      faces: outcome.faces.map((face) => faceResult(face, zonesOf(face))),
      ...(outcome.countedOnly === undefined ? {} : { countedOnly: outcome.countedOnly }),
    },
  };
}

/** Reports that a camera works and no one is in its picture, once a day; returns whether that is durable. */
async function reportEmpty(
  ports: RecogniseFacesPorts,
  store: Store,
  { sensorId, counts }: Sensor,
  areAllRecognised: boolean,
  atMs: number,
  source: string,
): Promise<boolean> {
  const isCounting = areAllRecognised && counts.isCounting;
  const report = { storeId: store.storeId, sensorId, isCounting, day: dayAt(atMs, store) };
  const name = JSON.stringify(report);
  if (ports.reported.has(name)) return true;
  const event = sensorReported(report, formatLocalTime(localTimeAt(atMs, store)), source);
  const isPublished = await appendEvents(ports, store.storeId, [event]);
  if (isPublished) ports.reported.add(name);
  return isPublished;
}

/** Appends events to the event log; returns whether all of them are durable. */
async function appendEvents(
  { log, pauses }: RecogniseFacesPorts,
  key: StoreId,
  events: readonly object[],
): Promise<boolean> {
  const entries = events.map((event) => ({ key, bytes: Buffer.from(JSON.stringify(event)) }));
  const outcomes = await append(log, entries, pauses);
  return outcomes.every(({ kind }) => kind === 'durable');
}

function whyInvalid(reading: Exclude<ReturnType<typeof readJpeg>, { kind: 'jpeg' }>): string {
  if (reading.kind === 'truncated') return 'The JPEG ends before its picture does.';
  return reading.kind === 'broken' ? `The JPEG is broken: ${reading.why}.` : 'The body is not a JPEG.';
}

/** Returns a frame's id from store, camera, time and bytes: sent again, a frame has the same id. */
export const frameIdOf = (storeId: StoreId, cameraId: string, atMs: number, bytes: Uint8Array): string =>
  createHash('sha256').update(`${storeId}#${cameraId}#${atMs}#`).update(bytes).digest('base64url');

/** The sides of every picture, when the question is whether a face moves at all. */
const STILLNESS_PICTURE = { width: 1_000, height: 1_000 };

const centreOf = ({ box }: PlannedFace, { width, height }: JpegSize) => ({
  x: (box.left + box.width / 2) * width,
  y: (box.top + box.height / 2) * height,
});

function sightingOf(
  face: PlannedFace,
  zones: readonly ZoneId[],
  store: Store,
  { sensorId, counts }: Sensor,
  atMs: number,
): Sighting {
  const snapshot = { kind: 'snapshot', fromMs: atMs, toMs: atMs } as const;
  const { userId } = face;
  return {
    storeId: store.storeId,
    sensorId,
    day: dayAt(atMs, store),
    startedAt: localTimeAt(atMs, store),
    ...(userId === undefined ? {} : { visitorId: visitorOfUser(userId) }),
    isStaff: face.userKind === 'staff',
    presences: zones.length === 0 ? [snapshot] : zones.map((zoneId) => ({ ...snapshot, zoneId })),
    ...defined({ counting: countingOf(counts) }),
    ...(userId === undefined
      ? {}
      : { extents: extentsOf(sensorId, [{ atMs, ...centreOf(face, STILLNESS_PICTURE) }]) }),
  };
}

function faceResult(face: PlannedFace, zones: ZoneId[]): FaceResult {
  const { userId, userKind = 'visitor', reasons = [] } = face;
  // A watch-list hit is reported to staff only. The camera's response does not differ from that of an unknown face.
  if (userKind === 'watch')
    return { box: face.box, zones, outcome: 'not-retained', reasons: ['unknown person'] };
  return {
    box: face.box,
    zones,
    outcome: face.outcome === 'known' ? userKind : face.outcome,
    ...(userId === undefined ? {} : { visitor: visitorOfUser(userId) }),
    ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
  };
}
