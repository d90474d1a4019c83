/**
 * A camera's frame: checked by its header, looked at as far as the store's law goes, and each face of it told to the log
 * as a glimpse of somebody, or of nobody to be known, in the zones where it was.
 *
 * What counts as the place of a person is the middle of the face, in pixels of the picture as people see it. A face is a
 * good metre and a half above the floor, so zones of a camera are drawn where the heads are and not where the feet are.
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
import type { DeviceId, SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt, localTimeAt } from '#domain/chain/store-clock.ts';
import type { Permissions } from '#domain/law/permissions.ts';
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
  | { readonly kind: 'answer'; readonly answer: FrameResponse }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly retryAfterSeconds?: number };

/** Clocks of cameras run ahead by seconds; a picture of the future by more is a wrong clock. */
export const FRAME_AHEAD_MS_MAX = 60_000;
/** A store that was offline for a week still sends what it has; the cells of minutes are gone after it. */
export const LATE_MS_MAX = 8 * 86_400_000;

const refused = (status: number, name: string, detail: string): RecognisedFrame => ({
  kind: 'problem',
  problem: problem(status, name, detail),
});

/** Sees a frame of a store where faces may be looked at. */
export async function recogniseFaces(
  ports: RecogniseFacesPorts,
  store: Store,
  deviceId: DeviceId,
  permissions: Permissions,
  callsMax: number,
  { cameraId, atMs, bytes }: Frame,
): Promise<RecognisedFrame> {
  const { face: mode } = permissions;
  if (mode === 'off') throw new Error('a frame came through where faces are off');
  const nowMs = ports.nowMs();
  if (atMs > nowMs + FRAME_AHEAD_MS_MAX) return refused(422, 'timestamp-in-future', 'The time is in the future.');
  if (atMs < nowMs - LATE_MS_MAX)
    return refused(422, 'timestamp-too-old', 'The time is more than eight days ago.');
  const camera = await ports.sensor(store.storeId, cameraId);
  if (camera === undefined || camera.kind !== 'camera') {
    return refused(422, 'camera-not-found', `Store ${store.storeId} has no camera ${cameraId}.`);
  }
  const size = readJpeg(bytes);
  if (size.kind !== 'jpeg') return refused(422, 'invalid-image', whyNoPicture(size));
  const unusable = unusableSize(size);
  if (unusable !== undefined) return refused(422, 'unsupported-image', unusable);

  const frameId = frameIdOf(store.storeId, cameraId, atMs, bytes);
  const day = dayAt(atMs, store);
  const picture = {
    frameId,
    storeId: store.storeId,
    day,
    atMs,
    bytes,
    width: size.width,
    height: size.height,
    facesMax: FACES_PER_FRAME_MAX,
  };
  const zonesOf = (face: PlannedFace): ZoneId[] => zonesAt(camera, middleOf(face, size));
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const publish = async (faces: readonly PlannedFace[]): Promise<boolean> => {
    const entries = faces.map((face, index) => {
      const sighting = sightingOf(face, zonesOf(face), store, cameraId, atMs);
      const event = sightingRecorded(sighting, eventName(store.storeId, 'frame', frameId, index), source);
      return { key: store.storeId, bytes: Buffer.from(JSON.stringify(event)) };
    });
    const outcomes = await append(ports.log, entries, ports.pauses);
    return outcomes.every(({ kind }) => kind === 'durable');
  };
  const budget = { day: dayAt(nowMs, store), callsMax };
  let look = await examinePicture(ports, picture, permissions, budget);
  if (look.kind === 'examined') {
    const isPublished = await publish(look.faces);
    look = await (isPublished ? finishPicture : postponePicture)(ports.store, look);
  }
  if (look.kind === 'unreadable') return refused(422, 'invalid-image', look.reason);
  if (look.kind === 'busy') {
    return {
      kind: 'problem',
      problem: problem(429, 'busy', 'The frame could not be processed now and was discarded; send it again.'),
      retryAfterSeconds: look.retryAfterSeconds,
    };
  }
  return {
    kind: 'answer',
    answer: {
      frame: frameId,
      mode,
      faces: look.faces.map((face) => faceAnswer(face, zonesOf(face))),
      ...(look.countedOnly === undefined ? {} : { countedOnly: look.countedOnly }),
    },
  };
}

function whyNoPicture(reading: Exclude<ReturnType<typeof readJpeg>, { kind: 'jpeg' }>): string {
  if (reading.kind === 'truncated') return 'The JPEG ends before its picture does.';
  return reading.kind === 'broken' ? `The JPEG is broken: ${reading.why}.` : 'The body is not a JPEG.';
}

/** Store, camera, moment and bytes name a frame: sent again it is the same, and no other can be it. */
export const frameIdOf = (storeId: StoreId, cameraId: string, atMs: number, bytes: Uint8Array): string =>
  createHash('sha256').update(`${storeId}#${cameraId}#${atMs}#`).update(bytes).digest('base64url');

const middleOf = ({ box }: PlannedFace, { width, height }: JpegSize) => ({
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
  const glimpse = { kind: 'snapshot', fromMs: atMs, toMs: atMs } as const;
  const { userId } = face;
  return {
    storeId: store.storeId,
    sensorId,
    day: dayAt(atMs, store),
    startedAt: localTimeAt(atMs, store),
    ...(userId === undefined ? {} : { visitorId: visitorOfUser(userId) }),
    isStaff: face.userKind === 'staff',
    presences: zones.length === 0 ? [glimpse] : zones.map((zoneId) => ({ ...glimpse, zoneId })),
  };
}

function faceAnswer(face: PlannedFace, zones: ZoneId[]): FaceResult {
  const { userId, userKind = 'visitor', reasons = [] } = face;
  // Who is looked out for is told to the staff. Whoever holds the camera is told what they would be told of a stranger.
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
