/**
 * The geofences of all collections in SQLite. The first access to a collection loads its geofences into a
 * spatial index, against which positions are evaluated.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { inTransaction, select, selectOne } from '../wire/database.ts';
import { createGeofenceIndex, type GeofenceIndex } from './geofence-index.ts';

export interface Geofence {
  readonly id: number;
  readonly geofenceId: string;
  readonly geometry: GeofenceGeometry;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type NewGeofence = Pick<Geofence, 'geofenceId' | 'geometry' | 'properties'>;

export interface Geofences {
  byGeofenceId(collectionId: number, geofenceId: string): Geofence | undefined;
  byId(collectionId: number, id: number): Geofence | undefined;
  /** Returns geofences in the order of their first put, after a row id. */
  after(collectionId: number, id: number, countMax: number): Geofence[];
  count(collectionId: number): number;
  /** Adds or replaces geofences in one transaction, and returns them as stored. */
  put(collectionId: number, geofences: readonly NewGeofence[], nowMs: number): Geofence[];
  /** Deletes geofences in one transaction; unknown ids are ignored. */
  delete(collectionId: number, geofenceIds: readonly string[]): void;
  /** Returns the geofences that contain a point. */
  at(collectionId: number, point: LngLat): Geofence[];
}

type GeofenceRow = Omit<Geofence, 'geometry' | 'properties'> & {
  readonly geometry: string;
  readonly properties: string;
};

interface InMemory {
  readonly index: GeofenceIndex;
  readonly byId: Map<number, Geofence>;
}

const COLUMNS = `
  id, geofence_id AS geofenceId, geometry, properties, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

/** Returns the geofences of a database: a list of short methods. */
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
    const existing = inMemory.get(collectionId);
    if (existing !== undefined) return existing;
    const loaded: InMemory = { index: createGeofenceIndex(), byId: new Map() };
    for (const row of select<GeofenceRow>(all, collectionId)) addTo(loaded, geofenceOf(row));
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
          // An upsert of one row returns that row.
          return geofenceOf(row as unknown as GeofenceRow);
        }),
      );
      for (const geofence of rows) addTo(memory, geofence);
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

function addTo({ index, byId }: InMemory, geofence: Geofence): void {
  index.put(geofence.id, geofence.geometry);
  byId.set(geofence.id, geofence);
}

function geofenceOf(row: GeofenceRow): Geofence {
  return { ...row, geometry: JSON.parse(row.geometry), properties: JSON.parse(row.properties) };
}
