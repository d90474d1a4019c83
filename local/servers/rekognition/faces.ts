/** The faces of all collections: rows in the database, and their vectors in memory where searches compare them. */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, select, selectOne } from '../wire/database.ts';
import { createGallery, type Found, type Gallery } from './gallery.ts';
import { bytesOfVector, vectorOfBytes } from './vectors.ts';

/** Where in its picture a face was, as AWS tells it: shares of the picture's sides. */
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
  /** Of the picture's bytes: the same picture indexed again adds no face. */
  readonly pictureHash: string;
  readonly box: BoundingBox;
  /** 0 to 100. */
  readonly confidence: number;
  readonly modelId: string;
  readonly vector: Float32Array;
  /** From when on the face can be named by its id. */
  readonly findableAtMs: number;
}

export interface StoredFace extends NewFace {
  readonly id: number;
  /** The row of the user it is associated with. */
  readonly userRowId: number | undefined;
  readonly userId: string | undefined;
}

export interface Faces {
  add(collectionRowId: number, faces: readonly NewFace[]): void;
  byFaceId(collectionRowId: number, faceId: string): StoredFace | undefined;
  byId(id: number): StoredFace | undefined;
  ofPicture(collectionRowId: number, pictureHash: string): StoredFace[];
  /** In the order they were indexed in; of one user only, if one is named. */
  after(collectionRowId: number, id: number, countMax: number, userId: string | undefined): StoredFace[];
  ofUser(userRowId: number): StoredFace[];
  count(collectionRowId: number): number;
  delete(face: StoredFace, collectionRowId: number): void;
  associate(face: StoredFace, userRowId: number | undefined): void;
  nearest(collectionRowId: number, vector: Float32Array, accepts: (found: Found) => boolean): Found[];
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

export function openFaces(db: DatabaseSync): Faces {
  const insert = db.prepare(`
    INSERT INTO faces (collection_id, face_id, image_id, external_image_id, picture_hash, box, confidence, model_id,
      vector, findable_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
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

  /** Filled from the database when a collection is first searched or changed. */
  const galleries = new Map<number, Gallery>();
  const galleryOf = (collectionRowId: number): Gallery => {
    const known = galleries.get(collectionRowId);
    if (known !== undefined) return known;
    const gallery = createGallery();
    for (const row of select<{ id: number; vector: Uint8Array }>(vectors, collectionRowId)) {
      gallery.put(row.id, vectorOfBytes(row.vector));
    }
    galleries.set(collectionRowId, gallery);
    return gallery;
  };

  const insertOne = (collectionRowId: number, face: NewFace): number => {
    const { lastInsertRowid } = insert.run(
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

  return {
    add(collectionRowId, faces) {
      const gallery = galleryOf(collectionRowId);
      const added = inTransaction(db, () =>
        faces.map((face) => ({ id: insertOne(collectionRowId, face), vector: face.vector })),
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
