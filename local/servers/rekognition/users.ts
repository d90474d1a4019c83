/**
 * The users of all collections. A user's vector is the mean of its faces' vectors and follows a change of them with a
 * delay; until then searches go by the vector before, or find no such user.
 */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import { createGallery, type Found, type Gallery } from './gallery.ts';
import { bytesOfVector, vectorOfBytes } from './vectors.ts';

export interface User {
  readonly id: number;
  readonly userId: string;
  /** CREATED while no face is associated with it; UPDATING until the last change has taken effect. */
  readonly status: 'CREATED' | 'UPDATING' | 'ACTIVE';
  /** What searches see. */
  readonly vector: Float32Array | undefined;
}

export interface Users {
  byUserId(collectionRowId: number, userId: string, nowMs: number): User | undefined;
  byId(id: number): User | undefined;
  /** In the order they were created in. */
  after(collectionRowId: number, id: number, countMax: number, nowMs: number): User[];
  count(collectionRowId: number): number;
  create(collectionRowId: number, userId: string): void;
  /** Its faces stay, and are nobody's again. */
  delete(user: User, collectionRowId: number): void;
  /** What the user's vector will be, from when on. */
  change(user: User, vector: Float32Array | undefined, atMs: number): void;
  nearest(
    collectionRowId: number,
    vector: Float32Array,
    accepts: (found: Found) => boolean,
    nowMs: number,
  ): Found[];
}

interface UserRow {
  readonly id: number;
  readonly user_id: string;
  readonly vector: Uint8Array | null;
  readonly next_at_ms: number | null;
}

type VectorRow = Pick<UserRow, 'id' | 'vector'>;

export function openUsers(db: DatabaseSync): Users {
  const byUserId = db.prepare('SELECT * FROM users WHERE collection_id = ? AND user_id = ?');
  const byId = db.prepare('SELECT * FROM users WHERE id = ?');
  const after = db.prepare('SELECT * FROM users WHERE collection_id = ? AND id > ? ORDER BY id LIMIT ?');
  const count = db.prepare('SELECT count(*) AS count FROM users WHERE collection_id = ?');
  const insert = db.prepare('INSERT INTO users (collection_id, user_id) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM users WHERE id = ?');
  const change = db.prepare('UPDATE users SET next_vector = ?, next_at_ms = ? WHERE id = ?');
  const settle = db.prepare(`
    UPDATE users SET vector = next_vector, next_vector = NULL, next_at_ms = NULL
    WHERE collection_id = ? AND next_at_ms <= ? RETURNING id, vector`);
  const vectors = db.prepare('SELECT id, vector FROM users WHERE collection_id = ?');

  const galleries = new Map<number, Gallery>();
  const galleryOf = (collectionRowId: number): Gallery => {
    const known = galleries.get(collectionRowId);
    if (known !== undefined) return known;
    const gallery = createGallery();
    for (const row of select<VectorRow>(vectors, collectionRowId)) show(gallery, row);
    galleries.set(collectionRowId, gallery);
    return gallery;
  };
  /** Lets every change take effect whose time has come. */
  const settleUntil = (collectionRowId: number, nowMs: number): void => {
    const gallery = galleryOf(collectionRowId);
    for (const row of select<VectorRow>(settle, collectionRowId, nowMs)) show(gallery, row);
  };

  return {
    byUserId(collectionRowId, userId, nowMs) {
      settleUntil(collectionRowId, nowMs);
      return optional(selectOne<UserRow>(byUserId, collectionRowId, userId));
    },
    byId: (id) => optional(selectOne<UserRow>(byId, id)),
    after(collectionRowId, id, countMax, nowMs) {
      settleUntil(collectionRowId, nowMs);
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
      settleUntil(collectionRowId, nowMs);
      return galleryOf(collectionRowId).nearest(vector, accepts);
    },
  };
}

function show(gallery: Gallery, { id, vector }: VectorRow): void {
  if (vector === null) gallery.drop(id);
  else gallery.put(id, vectorOfBytes(vector));
}

function optional(row: UserRow | undefined): User | undefined {
  return row === undefined ? undefined : userOf(row);
}

function userOf(row: UserRow): User {
  const vector = row.vector === null ? undefined : vectorOfBytes(row.vector);
  const settled = vector === undefined ? 'CREATED' : 'ACTIVE';
  return { id: row.id, userId: row.user_id, status: row.next_at_ms === null ? settled : 'UPDATING', vector };
}
