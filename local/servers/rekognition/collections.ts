/** Face collections in SQLite. Each is bound to the face model whose vectors it stores. */
import type { DatabaseSync } from 'node:sqlite';
import { selectOne } from '../wire/database.ts';

export interface Collection {
  readonly id: number;
  readonly name: string;
  readonly modelId: string;
}

export interface Collections {
  byName(name: string): Collection | undefined;
  create(name: string, modelId: string): void;
}

/** Returns the collections of a database. */
export function openCollections(db: DatabaseSync): Collections {
  const byName = db.prepare('SELECT id, name, model_id AS modelId FROM collections WHERE name = ?');
  const insert = db.prepare('INSERT INTO collections (name, model_id) VALUES (?, ?)');
  return {
    byName: (name) => selectOne<Collection>(byName, name),
    create: (name, modelId) => void insert.run(name, modelId),
  };
}
