/** Where each device was when it was last held against a collection. After thirty days without a word nobody knows. */
import type { DatabaseSync } from 'node:sqlite';
import { selectOne } from '../wire/database.ts';

export interface DeviceState {
  /** Of the newest position that was evaluated. */
  readonly sampledAtMs: number;
  readonly receivedAtMs: number;
  /** Row ids of the fences it was in. */
  readonly inside: readonly number[];
}

export interface States {
  find(collectionId: number, deviceId: string, nowMs: number): DeviceState | undefined;
  put(collectionId: number, deviceId: string, state: DeviceState): void;
  forget(collectionId: number, deviceId: string): void;
}

interface StateRow {
  readonly sampled_at_ms: number;
  readonly received_at_ms: number;
  readonly inside: string;
}

const NOWHERE = '[]';

/** `keptFromMs` says of a moment since when what came in is still kept. */
export function openStates(db: DatabaseSync, keptFromMs: (nowMs: number) => number): States {
  const find = db.prepare(`
    SELECT sampled_at_ms, received_at_ms, inside FROM states
    WHERE collection_id = ? AND device_id = ? AND received_at_ms > ?`);
  const put = db.prepare(`
    INSERT OR REPLACE INTO states (collection_id, device_id, sampled_at_ms, received_at_ms, inside)
    VALUES (?, ?, ?, ?, ?)`);
  const forget = db.prepare('DELETE FROM states WHERE collection_id = ? AND device_id = ?');
  return {
    find(collectionId, deviceId, nowMs) {
      const row = selectOne<StateRow>(find, collectionId, deviceId, keptFromMs(nowMs));
      if (row === undefined) return undefined;
      return {
        sampledAtMs: row.sampled_at_ms,
        receivedAtMs: row.received_at_ms,
        inside: row.inside === NOWHERE ? [] : JSON.parse(row.inside),
      };
    },
    put: (collectionId, deviceId, { sampledAtMs, receivedAtMs, inside }) =>
      void put.run(
        collectionId,
        deviceId,
        sampledAtMs,
        receivedAtMs,
        inside.length === 0 ? NOWHERE : JSON.stringify(inside),
      ),
    forget: (collectionId, deviceId) => void forget.run(collectionId, deviceId),
  };
}
