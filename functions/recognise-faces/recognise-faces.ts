/**
 * Recognises the faces of a camera's frame: validates the JPEG header, processes the picture as far as the store's law
 * permits, and appends each face to the event log as a sighting in the zones where it was, with or without a visitor.
 *
 * A person's position is the centre of the face, in pixels of the upright picture. A face is about 1.5 m above the floor, so
 * the zones of a camera are drawn where heads are, not feet.
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
import { eventName } from '#contracts/events/envelope.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { FACES_PER_FRAME_MAX, type FaceResult, type FrameResponse } from '#contracts/http/frames.ts';
import { type Problem, problem } from '#contracts/http/problems.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { DeviceId, SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt, localTimeAt } from '#domain/chain/store-clock.ts';
import { type Permissions, whyWithheld } from '#domain/law/face-permissions.ts';
import { mayExamine } from '#domain/law/pictures.ts';
import { type JpegSize, readJpeg, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { type Sensor, zonesAt } from '#domain/place/visits/sensor.ts';
import { type Sighting, visitorOfUser } from '#domain/place/visits/sighting.ts';

export interface RecogniseFacesPorts extends ProcessPicturePorts {
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly sensor: (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;
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
  const zonesOf = (face: PlannedFace): ZoneId[] => zonesAt(camera, centreOf(face, size));
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const budget = { day: dayAt(nowMs, store), callsMax };
  let outcome = await examinePicture(ports, picture, permissions, budget);
  if (outcome.kind === 'examined') {
    const events = outcome.faces.map((face, index) => {
      const sighting = sightingOf(face, zonesOf(face), store, cameraId, atMs);
      return sightingRecorded(sighting, eventName(store.storeId, 'frame', frameId, index), source);
    });
    const isPublished = await appendEvents(ports, store.storeId, events);
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

const centreOf = ({ box }: PlannedFace, { width, height }: JpegSize) => ({
  x: (box.left + box.width / 2) * width,
  y: (box.top + box.height / 2) * height,
});

function sightingOf(
  face: PlannedFace,
  zones: readonly ZoneId[],
  store: Store,
  sensorId: SensorId,
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
