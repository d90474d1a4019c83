/** Collections: what holds faces and users, bound to the model that its vectors are of. */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';

export interface Collection {
  readonly id: number;
  readonly name: string;
  readonly modelId: string;
  readonly createdAtMs: number;
}

export interface Collections {
  byName(name: string): Collection | undefined;
  /** In the order they were created in. */
  after(id: number, countMax: number): Collection[];
  create(name: string, modelId: string, nowMs: number): void;
  /** With everything in it. */
  delete(collection: Collection): void;
}

const COLUMNS = 'id, name, model_id AS modelId, created_at_ms AS createdAtMs';

export function openCollections(db: DatabaseSync): Collections {
  const byName = db.prepare(`SELECT ${COLUMNS} FROM collections WHERE name = ?`);
  const after = db.prepare(`SELECT ${COLUMNS} FROM collections WHERE id > ? ORDER BY id LIMIT ?`);
  const insert = db.prepare('INSERT INTO collections (name, model_id, created_at_ms) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM collections WHERE id = ?');
  return {
    byName: (name) => selectOne<Collection>(byName, name),
    after: (id, countMax) => select<Collection>(after, id, countMax),
    create: (name, modelId, nowMs) => void insert.run(name, modelId, nowMs),
    delete: ({ id }) => void remove.run(id),
  };
}
