/**
 * The faces of all collections: rows in SQLite, and per collection the vectors in memory, where searches
 * compare them.
 */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, select, selectOne } from '../wire/database.ts';
import { createGalleries, type Neighbour, type VectorRow } from './gallery.ts';
import { bytesOfVector, vectorOfBytes } from './vectors.ts';

/** A box relative to the picture's sides, as AWS returns it. */
export interface BoundingBox {
  readonly Left: number;
  readonly Top: number;
  readonly Width: number;
  readonly Height: number;
}

export interface NewFace {
  readonly faceId: string;
  readonly imageId: string;
  readonly externalImageId: string | undefined;
  /** Hash of the picture's bytes, by which a picture that is indexed again is recognised. */
  readonly pictureHash: string;
  readonly box: BoundingBox;
  /** 0 to 100. */
  readonly confidence: number;
  readonly modelId: string;
  readonly vector: Float32Array;
  /** From this time on the face is found by its id. */
  readonly findableAtMs: number;
}

export interface StoredFace extends NewFace {
  readonly id: number;
  /** Row id of the user that the face is associated with. */
  readonly userRowId: number | undefined;
  readonly userId: string | undefined;
}

export interface Faces {
  add(collectionRowId: number, faces: readonly NewFace[]): void;
  byFaceId(collectionRowId: number, faceId: string): StoredFace | undefined;
  byId(id: number): StoredFace | undefined;
  ofPicture(collectionRowId: number, pictureHash: string): StoredFace[];
  /** Returns faces in the order of indexing, after a row id, optionally of one user only. */
  after(collectionRowId: number, id: number, countMax: number, userId: string | undefined): StoredFace[];
  ofUser(userRowId: number): StoredFace[];
  count(collectionRowId: number): number;
  delete(face: StoredFace, collectionRowId: number): void;
  associate(face: StoredFace, userRowId: number | undefined): void;
  nearest(
    collectionRowId: number,
    vector: Float32Array,
    accepts: (neighbour: Neighbour) => boolean,
  ): Neighbour[];
}

interface FaceRow {
  readonly id: number;
  readonly face_id: string;
  readonly image_id: string;
  readonly external_image_id: string | null;
  readonly picture_hash: string;
  readonly box: string;
  readonly confidence: number;
  readonly model_id: string;
  readonly vector: Uint8Array;
  readonly user_row_id: number | null;
  readonly user_id: string | null;
  readonly findable_at_ms: number;
}

const SELECT = 'SELECT faces.*, users.user_id FROM faces LEFT JOIN users ON users.id = faces.user_row_id';

/** Returns the faces of a database. */
export function openFaces(db: DatabaseSync): Faces {
  const insert = prepareInsert(db);
  const byFaceId = db.prepare(`${SELECT} WHERE faces.collection_id = ? AND face_id = ?`);
  const byId = db.prepare(`${SELECT} WHERE faces.id = ?`);
  const ofPicture = db.prepare(
    `${SELECT} WHERE faces.collection_id = ? AND picture_hash = ? ORDER BY faces.id`,
  );
  const after = db.prepare(
    `${SELECT} WHERE faces.collection_id = ? AND faces.id > ? ORDER BY faces.id LIMIT ?`,
  );
  const afterOfUser = db.prepare(
    `${SELECT} WHERE faces.collection_id = ? AND faces.id > ? AND user_id = ? ORDER BY faces.id LIMIT ?`,
  );
  const ofUser = db.prepare(`${SELECT} WHERE user_row_id = ? ORDER BY faces.id`);
  const count = db.prepare('SELECT count(*) AS count FROM faces WHERE collection_id = ?');
  const remove = db.prepare('DELETE FROM faces WHERE id = ?');
  const associate = db.prepare('UPDATE faces SET user_row_id = ? WHERE id = ?');
  const vectors = db.prepare('SELECT id, vector FROM faces WHERE collection_id = ?');

  const galleryOf = createGalleries((collectionRowId) => select<VectorRow>(vectors, collectionRowId));

  return {
    add(collectionRowId, faces) {
      const gallery = galleryOf(collectionRowId);
      const added = inTransaction(db, () =>
        faces.map((face) => ({ id: insert(collectionRowId, face), vector: face.vector })),
      );
      for (const { id, vector } of added) gallery.put(id, vector);
    },
    byFaceId: (collectionRowId, faceId) => optional(selectOne<FaceRow>(byFaceId, collectionRowId, faceId)),
    byId: (id) => optional(selectOne<FaceRow>(byId, id)),
    ofPicture: (collectionRowId, hash) => select<FaceRow>(ofPicture, collectionRowId, hash).map(faceOf),
    after(collectionRowId, id, countMax, userId) {
      const rows =
        userId === undefined
          ? select<FaceRow>(after, collectionRowId, id, countMax)
          : select<FaceRow>(afterOfUser, collectionRowId, id, userId, countMax);
      return rows.map(faceOf);
    },
    ofUser: (userRowId) => select<FaceRow>(ofUser, userRowId).map(faceOf),
    count: (collectionRowId) => selectOne<{ count: number }>(count, collectionRowId)?.count ?? 0,
    delete({ id }, collectionRowId) {
      remove.run(id);
      galleryOf(collectionRowId).drop(id);
    },
    associate: ({ id }, userRowId) => void associate.run(userRowId ?? null, id),
    nearest: (collectionRowId, vector, accepts) => galleryOf(collectionRowId).nearest(vector, accepts),
  };
}

/** Returns a function that inserts a face and returns its row id. */
function prepareInsert(db: DatabaseSync): (collectionRowId: number, face: NewFace) => number {
  const statement = db.prepare(`
    INSERT INTO faces (collection_id, face_id, image_id, external_image_id, picture_hash, box, confidence, model_id,
      vector, findable_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (collectionRowId, face) => {
    const { lastInsertRowid } = statement.run(
      collectionRowId,
      face.faceId,
      face.imageId,
      face.externalImageId ?? null,
      face.pictureHash,
      JSON.stringify(face.box),
      face.confidence,
      face.modelId,
      bytesOfVector(face.vector),
      face.findableAtMs,
    );
    return Number(lastInsertRowid);
  };
}

function optional(row: FaceRow | undefined): StoredFace | undefined {
  return row === undefined ? undefined : faceOf(row);
}

function faceOf(row: FaceRow): StoredFace {
  return {
    id: row.id,
    faceId: row.face_id,
    imageId: row.image_id,
    externalImageId: row.external_image_id ?? undefined,
    pictureHash: row.picture_hash,
    box: JSON.parse(row.box),
    confidence: row.confidence,
    modelId: row.model_id,
    vector: vectorOfBytes(row.vector),
    findableAtMs: row.findable_at_ms,
    userRowId: row.user_row_id ?? undefined,
    userId: row.user_id ?? undefined,
  };
}
