/**
 * The users of all collections: rows in SQLite, and per collection the vectors in memory. A user's vector is
 * the mean of its faces' vectors. It follows a change of the faces with a delay; until then searches use the
 * previous vector, or do not find the user.
 */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import { applyRow, createGalleries, type Neighbour, type VectorRow } from './gallery.ts';
import { bytesOfVector, vectorOfBytes } from './vectors.ts';

export interface User {
  readonly id: number;
  readonly userId: string;
  /** CREATED without associated faces; UPDATING until the last change has taken effect. */
  readonly status: 'CREATED' | 'UPDATING' | 'ACTIVE';
  /** The vector that searches use; undefined without one. */
  readonly vector: Float32Array | undefined;
}

export interface Users {
  byUserId(collectionRowId: number, userId: string, nowMs: number): User | undefined;
  byId(id: number): User | undefined;
  /** Returns users in the order of creation, after a row id. */
  after(collectionRowId: number, id: number, countMax: number, nowMs: number): User[];
  count(collectionRowId: number): number;
  create(collectionRowId: number, userId: string): void;
  /** Deletes a user; its faces remain, without a user. */
  delete(user: User, collectionRowId: number): void;
  /** Schedules the user's next vector, which takes effect at `atMs`. */
  change(user: User, vector: Float32Array | undefined, atMs: number): void;
  nearest(
    collectionRowId: number,
    vector: Float32Array,
    accepts: (neighbour: Neighbour) => boolean,
    nowMs: number,
  ): Neighbour[];
}

interface UserRow {
  readonly id: number;
  readonly user_id: string;
  readonly vector: Uint8Array | null;
  readonly next_at_ms: number | null;
}

/** Returns the users of a database. */
export function openUsers(db: DatabaseSync): Users {
  const byUserId = db.prepare('SELECT * FROM users WHERE collection_id = ? AND user_id = ?');
  const byId = db.prepare('SELECT * FROM users WHERE id = ?');
  const after = db.prepare('SELECT * FROM users WHERE collection_id = ? AND id > ? ORDER BY id LIMIT ?');
  const count = db.prepare('SELECT count(*) AS count FROM users WHERE collection_id = ?');
  const insert = db.prepare('INSERT INTO users (collection_id, user_id) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM users WHERE id = ?');
  const change = db.prepare('UPDATE users SET next_vector = ?, next_at_ms = ? WHERE id = ?');
  const apply = db.prepare(`
    UPDATE users SET vector = next_vector, next_vector = NULL, next_at_ms = NULL
    WHERE collection_id = ? AND next_at_ms <= ? RETURNING id, vector`);
  const vectors = db.prepare('SELECT id, vector FROM users WHERE collection_id = ?');

  const galleryOf = createGalleries((collectionRowId) => select<VectorRow>(vectors, collectionRowId));
  /** Applies the pending changes that are due. */
  const applyDue = (collectionRowId: number, nowMs: number): void => {
    const gallery = galleryOf(collectionRowId);
    for (const row of select<VectorRow>(apply, collectionRowId, nowMs)) applyRow(gallery, row);
  };

  return {
    byUserId(collectionRowId, userId, nowMs) {
      applyDue(collectionRowId, nowMs);
      return optional(selectOne<UserRow>(byUserId, collectionRowId, userId));
    },
    byId: (id) => optional(selectOne<UserRow>(byId, id)),
    after(collectionRowId, id, countMax, nowMs) {
      applyDue(collectionRowId, nowMs);
      return select<UserRow>(after, collectionRowId, id, countMax).map(userOf);
    },
    count: (collectionRowId) => selectOne<{ count: number }>(count, collectionRowId)?.count ?? 0,
    create: (collectionRowId, userId) => void insert.run(collectionRowId, userId),
    delete({ id }, collectionRowId) {
      remove.run(id);
      galleryOf(collectionRowId).drop(id);
    },
    change: ({ id }, vector, atMs) =>
      void change.run(vector === undefined ? null : bytesOfVector(vector), atMs, id),
    nearest(collectionRowId, vector, accepts, nowMs) {
      applyDue(collectionRowId, nowMs);
      return galleryOf(collectionRowId).nearest(vector, accepts);
    },
  };
}

function optional(row: UserRow | undefined): User | undefined {
  return row === undefined ? undefined : userOf(row);
}

function userOf(row: UserRow): User {
  const vector = row.vector === null ? undefined : vectorOfBytes(row.vector);
  const statusAtRest = vector === undefined ? 'CREATED' : 'ACTIVE';
  return {
    id: row.id,
    userId: row.user_id,
    status: row.next_at_ms === null ? statusAtRest : 'UPDATING',
    vector,
  };
}
