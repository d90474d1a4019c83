/**
 * Geofence collections in SQLite. A collection holds geofences, against which trackers evaluate positions.
 */
import type { DatabaseSync } from 'node:sqlite';
import { selectOne } from '../wire/database.ts';

export interface Collection {
  readonly id: number;
  readonly name: string;
}

export interface Collections {
  byName(name: string): Collection | undefined;
  count(): number;
  create(name: string): void;
}

/** Returns the collections of a database. */
export function openCollections(db: DatabaseSync): Collections {
  const byName = db.prepare('SELECT id, name FROM collections WHERE name = ?');
  const count = db.prepare('SELECT count(*) AS count FROM collections');
  const insert = db.prepare('INSERT INTO collections (name) VALUES (?)');
  return {
    byName: (name) => selectOne<Collection>(byName, name),
    count: () => selectOne<{ count: number }>(count)?.count ?? 0,
    create: (name) => void insert.run(name),
  };
}
