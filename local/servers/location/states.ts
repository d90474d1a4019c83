/**
 * The geofences each device was in at its last evaluated position, per collection, in SQLite. A state expires
 * after thirty days.
 */
import type { DatabaseSync } from 'node:sqlite';
import { selectOne } from '../wire/database.ts';

export interface DeviceState {
  /** Sample time of the last evaluated position. */
  readonly sampledAtMs: number;
  readonly receivedAtMs: number;
  /** Row ids of the geofences it was in. */
  readonly inside: readonly number[];
}

export interface States {
  find(collectionId: number, deviceId: string, nowMs: number): DeviceState | undefined;
  put(collectionId: number, deviceId: string, state: DeviceState): void;
  delete(collectionId: number, deviceId: string): void;
}

interface StateRow {
  readonly sampled_at_ms: number;
  readonly received_at_ms: number;
  readonly inside: string;
}

const NO_GEOFENCES = '[]';

/** Returns the states of a database. Those received at or before `keptFromMs(nowMs)` have expired. */
export function openStates(db: DatabaseSync, keptFromMs: (nowMs: number) => number): States {
  const find = db.prepare(`
    SELECT sampled_at_ms, received_at_ms, inside FROM states
    WHERE collection_id = ? AND device_id = ? AND received_at_ms > ?`);
  const put = db.prepare(`
    INSERT OR REPLACE INTO states (collection_id, device_id, sampled_at_ms, received_at_ms, inside)
    VALUES (?, ?, ?, ?, ?)`);
  const remove = db.prepare('DELETE FROM states WHERE collection_id = ? AND device_id = ?');
  return {
    find(collectionId, deviceId, nowMs) {
      const row = selectOne<StateRow>(find, collectionId, deviceId, keptFromMs(nowMs));
      if (row === undefined) return undefined;
      return {
        sampledAtMs: row.sampled_at_ms,
        receivedAtMs: row.received_at_ms,
        inside: row.inside === NO_GEOFENCES ? [] : JSON.parse(row.inside),
      };
    },
    put: (collectionId, deviceId, { sampledAtMs, receivedAtMs, inside }) =>
      void put.run(
        collectionId,
        deviceId,
        sampledAtMs,
        receivedAtMs,
        inside.length === 0 ? NO_GEOFENCES : JSON.stringify(inside),
      ),
    delete: (collectionId, deviceId) => void remove.run(collectionId, deviceId),
  };
}
