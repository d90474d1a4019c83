/** Geofence collections: what holds fences, and what positions are held against. */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import { type Extras, extrasOf } from './extras.ts';

export interface Collection {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly extras: Extras;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Collections {
  byName(name: string): Collection | undefined;
  /** In the order they were created in. */
  after(id: number, countMax: number): Collection[];
  count(): number;
  create(collection: Omit<Collection, 'id' | 'updatedAtMs'>): void;
  /** With all its fences, and its links to trackers. */
  delete(collection: Collection): void;
}

type CollectionRow = Omit<Collection, 'extras'> & { readonly extras: string };

const COLUMNS = 'id, name, description, extras, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs';

export function openCollections(db: DatabaseSync): Collections {
  const byName = db.prepare(`SELECT ${COLUMNS} FROM collections WHERE name = ?`);
  const after = db.prepare(`SELECT ${COLUMNS} FROM collections WHERE id > ? ORDER BY id LIMIT ?`);
  const count = db.prepare('SELECT count(*) AS count FROM collections');
  const insert = db.prepare(
    'INSERT INTO collections (name, description, extras, created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM collections WHERE id = ?');
  const collectionOf = (row: CollectionRow): Collection => ({ ...row, extras: extrasOf(row.extras) });
  return {
    byName(name) {
      const row = selectOne<CollectionRow>(byName, name);
      return row === undefined ? undefined : collectionOf(row);
    },
    after: (id, countMax) => select<CollectionRow>(after, id, countMax).map(collectionOf),
    count: () => selectOne<{ count: number }>(count)?.count ?? 0,
    create: ({ name, description, extras, createdAtMs }) =>
      void insert.run(name, description, JSON.stringify(extras), createdAtMs, createdAtMs),
    delete: ({ id }) => void remove.run(id),
  };
}
