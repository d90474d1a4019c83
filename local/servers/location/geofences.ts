/**
 * The fences of all collections. The database holds them; for evaluating, all of a collection are in memory as well, from the
 * first time that anything is asked of them.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { FenceGeometry, LngLat } from '#domain/place/fence.ts';
import { inTransaction, select, selectOne } from '../wire/database.ts';
import { createFenceIndex, type FenceIndex } from './fence-index.ts';

export interface Geofence {
  readonly id: number;
  readonly geofenceId: string;
  readonly geometry: FenceGeometry;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type NewGeofence = Pick<Geofence, 'geofenceId' | 'geometry' | 'properties'>;

export interface Geofences {
  byGeofenceId(collectionId: number, geofenceId: string): Geofence | undefined;
  byId(collectionId: number, id: number): Geofence | undefined;
  /** In the order they were first put in. */
  after(collectionId: number, id: number, countMax: number): Geofence[];
  count(collectionId: number): number;
  /** All of them or none. */
  put(collectionId: number, geofences: readonly NewGeofence[], nowMs: number): Geofence[];
  /** All of them or none; one that is not there is passed over. */
  delete(collectionId: number, geofenceIds: readonly string[]): void;
  /** The fences that hold a point. */
  at(collectionId: number, point: LngLat): Geofence[];
}

type GeofenceRow = Omit<Geofence, 'geometry' | 'properties'> & {
  readonly geometry: string;
  readonly properties: string;
};

interface InMemory {
  readonly index: FenceIndex;
  readonly byId: Map<number, Geofence>;
}

const COLUMNS = `
  id, geofence_id AS geofenceId, geometry, properties, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

export function openGeofences(db: DatabaseSync): Geofences {
  const byGeofenceId = db.prepare(
    `SELECT ${COLUMNS} FROM geofences WHERE collection_id = ? AND geofence_id = ?`,
  );
  const after = db.prepare(
    `SELECT ${COLUMNS} FROM geofences WHERE collection_id = ? AND id > ? ORDER BY id LIMIT ?`,
  );
  const all = db.prepare(`SELECT ${COLUMNS} FROM geofences WHERE collection_id = ?`);
  const put = db.prepare(`
    INSERT INTO geofences (collection_id, geofence_id, geometry, properties, created_at_ms, updated_at_ms)
    VALUES (:collectionId, :geofenceId, :geometry, :properties, :now, :now)
    ON CONFLICT (collection_id, geofence_id) DO UPDATE
    SET geometry = :geometry, properties = :properties, updated_at_ms = :now
    RETURNING ${COLUMNS}`);
  const remove = db.prepare('DELETE FROM geofences WHERE collection_id = ? AND geofence_id = ? RETURNING id');

  const inMemory = new Map<number, InMemory>();
  const memoryOf = (collectionId: number): InMemory => {
    const known = inMemory.get(collectionId);
    if (known !== undefined) return known;
    const loaded: InMemory = { index: createFenceIndex(), byId: new Map() };
    for (const row of select<GeofenceRow>(all, collectionId)) show(loaded, geofenceOf(row));
    inMemory.set(collectionId, loaded);
    return loaded;
  };

  return {
    byGeofenceId(collectionId, geofenceId) {
      const row = selectOne<GeofenceRow>(byGeofenceId, collectionId, geofenceId);
      return row === undefined ? undefined : geofenceOf(row);
    },
    byId: (collectionId, id) => memoryOf(collectionId).byId.get(id),
    after: (collectionId, id, countMax) =>
      select<GeofenceRow>(after, collectionId, id, countMax).map(geofenceOf),
    count: (collectionId) => memoryOf(collectionId).index.count(),
    put(collectionId, geofences, nowMs) {
      const memory = memoryOf(collectionId);
      const rows = inTransaction(db, () =>
        geofences.map(({ geofenceId, geometry, properties }) => {
          const row = put.get({
            collectionId,
            geofenceId,
            geometry: JSON.stringify(geometry),
            properties: JSON.stringify(properties),
            now: nowMs,
          });
          // A statement that puts one row returns one.
          return geofenceOf(row as unknown as GeofenceRow);
        }),
      );
      for (const geofence of rows) show(memory, geofence);
      return rows;
    },
    delete(collectionId, geofenceIds) {
      const memory = memoryOf(collectionId);
      const ids = inTransaction(db, () =>
        geofenceIds.flatMap(
          (geofenceId) => selectOne<{ id: number }>(remove, collectionId, geofenceId)?.id ?? [],
        ),
      );
      for (const id of ids) {
        memory.index.drop(id);
        memory.byId.delete(id);
      }
    },
    at(collectionId, point) {
      const { index, byId } = memoryOf(collectionId);
      return index.at(point).flatMap((id) => byId.get(id) ?? []);
    },
  };
}

function show({ index, byId }: InMemory, geofence: Geofence): void {
  index.put(geofence.id, geofence.geometry);
  byId.set(geofence.id, geofence);
}

function geofenceOf(row: GeofenceRow): Geofence {
  return { ...row, geometry: JSON.parse(row.geometry), properties: JSON.parse(row.properties) };
}
