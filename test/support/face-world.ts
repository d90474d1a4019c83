/**
 * A store with a camera, people who may be recognised and people who may not, all in memory: frames go through the real
 * flow, notices are delivered when due, and any call of any port can be made the last one.
 */

import type { EventLog } from '#application/ports/event-log.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { NoticeQueue } from '#application/ports/queues.ts';
import { parseEvent, type StoreEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import type { FaceNotice } from '#contracts/http/frames.ts';
import type { DeviceId, SensorId, ZoneId } from '#domain/chain/ids.ts';
import type { FaceMode } from '#domain/chain/law-settings.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import type { Permissions } from '#domain/law/face-permissions.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import { mergeUsers } from '#functions/purge-faces/merge-users.ts';
import { purgeFrames } from '#functions/purge-faces/purge-frames.ts';
import { type RecognisedFrame, recogniseFaces } from '#functions/recognise-faces/recognise-faces.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { SZ01 } from './chain.ts';
import { jpegOf } from './jpeg.ts';
import { type DrawnFace, type MemoryFaceIndex, memoryFaceIndex } from './memory-face-index.ts';
import { type MemoryFaceStore, memoryFaceStore } from './memory-face-store.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';

export const START_MS = Date.UTC(2026, 10, 22, 4);
export const SIZE = { width: 1920, height: 1080 };
export const CAM: Sensor = {
  sensorId: 'cam-1' as SensorId,
  storeId: SZ01.storeId,
  kind: 'camera',
  zones: [
    {
      zoneId: 'left' as ZoneId,
      polygon: [
        { x: 0, y: 0 },
        { x: 960, y: 0 },
        { x: 960, y: 1080 },
        { x: 0, y: 1080 },
      ],
    },
  ],
  sampleGapMsMax: 1_000,
  counts: { isCounting: true, leastMs: 0 },
};

export const permissionsIn = (face: FaceMode, more: Partial<Permissions> = {}): Permissions => ({
  face,
  pictures: face === 'off' ? 'none' : 'floor',
  deviceMembers: face !== 'off',
  staffByConsent: face !== 'off',
  watchList: false,
  visitorRetentionDays: face === 'visitors' ? 30 : 0,
  memberRetentionDays: face === 'off' ? 0 : 365,
  crossBorder: false,
  withheld: [],
  ...more,
});

/** The n-th picture of a person's face: pictures differ by a thousandth, people by ten units. */
export const faceOf = (person: number, picture = 0, more: Partial<DrawnFace> = {}): DrawnFace => ({
  vector: [person * 10 + picture / 1000, 0, 0],
  ...more,
});

export interface WorldPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly notices: NoticeQueue;
  readonly log: EventLog;
}

export interface FaceWorld extends WorldPorts {
  readonly index: MemoryFaceIndex;
  readonly store: MemoryFaceStore;
  readonly log: MemoryLog;
  readonly waiting: Array<{ readonly notice: FaceNotice; readonly dueAtMs: number }>;
  nowMs(): number;
  advance(ms: number): void;
  /** A picture of these faces. */
  picture(salt: string, faces: readonly DrawnFace[]): Uint8Array;
  see(bytes: Uint8Array, how?: SeeOptions): Promise<RecognisedFrame>;
  /** Processes every due notice like the queue does: a failed one is delivered again. */
  follow(): Promise<void>;
  /** Enrols a person by one face: `m.M1`, `s.S1`, or a visitor. */
  know(userId: string, kind: 'member' | 'staff' | 'visitor' | 'watch', face: DrawnFace): Promise<void>;
  events(): StoreEvent[];
  sightings(): ReadonlyArray<{
    readonly visitor: string | undefined;
    readonly zones: readonly (string | undefined)[];
  }>;
}

export interface SeeOptions {
  readonly ports?: WorldPorts;
  readonly permissions?: Permissions;
  readonly callsMax?: number;
  readonly atMs?: number;
  readonly cameraId?: string;
}

export function faceWorld(mode: FaceMode, camera: Sensor = CAM): FaceWorld {
  const reported = reportingSensors();
  const index = memoryFaceIndex();
  const store = memoryFaceStore();
  const log = memoryLog();
  const waiting: FaceWorld['waiting'] = [];
  const pauses = { pause: async () => {}, random: () => 0 };
  let now = START_MS;
  const nowMs = () => now;
  const notices: NoticeQueue = {
    async send(notice, delaySeconds) {
      waiting.push({ notice, dueAtMs: now + delaySeconds * 1000 });
    },
  };
  const own: WorldPorts = { index, store, notices, log };
  const sensor = async (_: string, sensorId: string) =>
    sensorId === 'door-1'
      ? { ...camera, kind: 'door' as const }
      : sensorId.startsWith('cam-')
        ? camera
        : undefined;

  const world: FaceWorld = {
    index,
    store,
    notices,
    log,
    waiting,
    nowMs,
    advance: (ms) => {
      now += ms;
    },
    picture(salt, faces) {
      const bytes = jpegOf({ ...SIZE, salt });
      index.draw(bytes, faces);
      return bytes;
    },
    see(
      bytes,
      {
        ports = own,
        permissions = permissionsIn(mode),
        callsMax = 1_000,
        atMs = START_MS,
        cameraId = 'cam-1',
      } = {},
    ) {
      const all = { ...ports, nowMs, pauses, sensor, reported };
      const frame = { cameraId: cameraId as SensorId, atMs, bytes };
      return recogniseFaces(all, SZ01, 'cam-key' as DeviceId, permissions, callsMax, frame);
    },
    async follow() {
      for (const one of waiting.splice(0)) {
        if (one.dueAtMs > now) {
          waiting.push(one);
          continue;
        }
        if (one.notice.kind === 'look') {
          const { tooEarly } = await purgeFrames({ index, store, nowMs }, [one.notice]);
          if (tooEarly.length > 0) waiting.push(one);
        } else await mergeUsers({ index, store, log, pauses, nowMs }, one.notice);
      }
    },
    async know(userId, kind, face) {
      const bytes = world.picture(`known ${userId}`, [face]);
      const indexed = await index.index(bytes, `enrolment-${userId.replace('.', '-')}`, 1);
      const faceIds = indexed.kind === 'indexed' ? indexed.faces.map(({ faceId }) => faceId) : [];
      const hasConsent = kind === 'member' || kind === 'staff';
      await store.enrol({
        userId,
        kind,
        storeId: SZ01.storeId,
        enrolledAtMs: now - 86_400_000,
        lastSeenAtMs: now - 86_400_000,
        faceIds,
        seenOn: kind === 'visitor' ? [{ storeId: SZ01.storeId, day: dayAt(now - 86_400_000, SZ01) }] : [],
        ...(hasConsent ? { consent: { proof: 'form 1', grantedAtMs: now } } : {}),
      });
      await index.createUser(userId);
      for (const faceId of faceIds) await index.associate(userId, faceId, 90);
    },
    events: () =>
      log.records.map(({ bytes }) => {
        const parsed = parseEvent(bytes);
        if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
        return parsed.event;
      }),
    sightings: () =>
      world
        .events()
        .flatMap((event) =>
          event.type === SIGHTING_RECORDED
            ? [{ visitor: event.data.visitor, zones: event.data.presences.map(({ zone }) => zone) }]
            : [],
        ),
  };
  return world;
}

/** How a function fails. */
export interface Cut {
  /** The failing call of any port, counted from 1. */
  readonly at: number;
  /** Whether the call takes effect before it fails. */
  readonly isDone: boolean;
  /** Whether every later call fails, too: the process has crashed. */
  readonly isDead: boolean;
  readonly error?: Error;
}

export interface CutPorts extends WorldPorts {
  calls(): number;
  /** `index.associate` and so on, in the order of the calls. */
  readonly made: readonly string[];
}

/** The ports of a world, with one call made to fail. */
export function cutPorts(world: WorldPorts, cut: Cut): CutPorts {
  const made: string[] = [];
  const wrap = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, key, receiver) {
        const method: unknown = Reflect.get(target, key, receiver);
        if (typeof method !== 'function' || key === 'allFaces' || key === 'allUsers') return method;
        return async (...args: unknown[]) => {
          made.push(`${name}.${String(key)}`);
          const isCut = made.length === cut.at;
          const isGone = cut.isDead && made.length > cut.at;
          const error = cut.error ?? new Error(`cut at call ${made.length}`);
          if (isGone || (isCut && !cut.isDone)) throw error;
          const result: unknown = await Reflect.apply(method, target, args);
          if (isCut) throw error;
          return result;
        };
      },
    });
  return {
    index: wrap('index', world.index),
    store: wrap('store', world.store),
    notices: wrap('notices', world.notices),
    log: wrap('log', world.log),
    calls: () => made.length,
    made,
  };
}
