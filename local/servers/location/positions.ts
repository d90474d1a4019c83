/**
 * The positions of all trackers in SQLite, one per device and sample time. Expired positions are never
 * returned, even before they are deleted.
 */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import type { DeviceUpdate } from './device-update.ts';

export interface StoredPosition extends DeviceUpdate {
  readonly receivedAtMs: number;
}

/** A period of time; the end is exclusive. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Positions {
  put(trackerId: number, position: StoredPosition): void;
  /** Returns the newest position by sample time. */
  latest(trackerId: number, deviceId: string, nowMs: number): StoredPosition | undefined;
  /** Returns the last position sampled at or before a time. */
  before(trackerId: number, deviceId: string, sampledAtMs: number, nowMs: number): StoredPosition | undefined;
  /** Returns the first position sampled after a time. */
  following(
    trackerId: number,
    deviceId: string,
    sampledAtMs: number,
    nowMs: number,
  ): StoredPosition | undefined;
  /** Returns the positions of a period, in the order of sample times. */
  history(
    trackerId: number,
    deviceId: string,
    during: Period,
    countMax: number,
    nowMs: number,
  ): StoredPosition[];
  /** Returns the newest position of each device, in the order of device ids, after one of them. */
  newest(trackerId: number, afterDeviceId: string, countMax: number, nowMs: number): StoredPosition[];
  deleteAll(trackerId: number, deviceId: string): void;
}

interface PositionRow {
  readonly device_id: string;
  readonly sampled_at_ms: number;
  readonly received_at_ms: number;
  readonly lng: number;
  readonly lat: number;
  readonly accuracy_m: number | null;
  readonly properties: string | null;
}

const OF_DEVICE = 'tracker_id = ? AND device_id = ?';

/** Returns the positions of a database. Those received at or before `keptFromMs(nowMs)` have expired. */
export function openPositions(db: DatabaseSync, keptFromMs: (nowMs: number) => number): Positions {
  const put = db.prepare(`
    INSERT OR REPLACE INTO positions
      (tracker_id, device_id, sampled_at_ms, received_at_ms, lng, lat, accuracy_m, properties)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const before = db.prepare(`
    SELECT * FROM positions WHERE ${OF_DEVICE} AND sampled_at_ms <= ? AND received_at_ms > ?
    ORDER BY sampled_at_ms DESC LIMIT 1`);
  const following = db.prepare(`
    SELECT * FROM positions WHERE ${OF_DEVICE} AND sampled_at_ms > ? AND received_at_ms > ?
    ORDER BY sampled_at_ms LIMIT 1`);
  const history = db.prepare(`
    SELECT * FROM positions
    WHERE ${OF_DEVICE} AND sampled_at_ms >= ? AND sampled_at_ms < ? AND received_at_ms > ?
    ORDER BY sampled_at_ms LIMIT ?`);
  const nextDevice = db.prepare(`
    SELECT device_id FROM positions WHERE tracker_id = ? AND device_id > ? ORDER BY device_id LIMIT 1`);
  const deleteAll = db.prepare(`DELETE FROM positions WHERE ${OF_DEVICE}`);

  const positions: Positions = {
    put(trackerId, { deviceId, sampledAtMs, receivedAtMs, lng, lat, accuracyM, properties }) {
      const written = properties === undefined ? null : JSON.stringify(properties);
      put.run(trackerId, deviceId, sampledAtMs, receivedAtMs, lng, lat, accuracyM ?? null, written);
    },
    latest: (trackerId, deviceId, nowMs) =>
      positions.before(trackerId, deviceId, Number.MAX_SAFE_INTEGER, nowMs),
    before: (trackerId, deviceId, sampledAtMs, nowMs) =>
      optional(selectOne<PositionRow>(before, trackerId, deviceId, sampledAtMs, keptFromMs(nowMs))),
    following: (trackerId, deviceId, sampledAtMs, nowMs) =>
      optional(selectOne<PositionRow>(following, trackerId, deviceId, sampledAtMs, keptFromMs(nowMs))),
    history(trackerId, deviceId, { fromMs, toMs }, countMax, nowMs) {
      const kept = keptFromMs(nowMs);
      return select<PositionRow>(history, trackerId, deviceId, fromMs, toMs, kept, countMax).map(positionOf);
    },
    newest(trackerId, afterDeviceId, countMax, nowMs) {
      const found: StoredPosition[] = [];
      let after = afterDeviceId;
      while (found.length < countMax) {
        // A seek in the primary key per device, which skips the device's other positions.
        const next = selectOne<{ device_id: string }>(nextDevice, trackerId, after)?.device_id;
        if (next === undefined) break;
        const latest = positions.latest(trackerId, next, nowMs);
        if (latest !== undefined) found.push(latest);
        after = next;
      }
      return found;
    },
    deleteAll: (trackerId, deviceId) => void deleteAll.run(trackerId, deviceId),
  };
  return positions;
}

function optional(row: PositionRow | undefined): StoredPosition | undefined {
  return row === undefined ? undefined : positionOf(row);
}

function positionOf(row: PositionRow): StoredPosition {
  return {
    deviceId: row.device_id,
    sampledAtMs: row.sampled_at_ms,
    receivedAtMs: row.received_at_ms,
    lng: row.lng,
    lat: row.lat,
    ...(row.accuracy_m !== null && { accuracyM: row.accuracy_m }),
    ...(row.properties !== null && { properties: JSON.parse(row.properties) }),
  };
}
