/**
 * The tables. Vectors are blobs of 32-bit floats; each face has the id of the model that computed its vector.
 *
 * `users.vector` is the vector that searches use, `next_vector` the one that replaces it at `next_at_ms`. So
 * a change takes effect at its time even when the server was down in between.
 *
 * `secure_delete` overwrites deleted vectors, which are biometric data and would otherwise remain in free
 * pages of the file.
 */
export const SCHEMA = `
  PRAGMA secure_delete = ON;

  CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    model_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    vector BLOB,
    next_vector BLOB,
    next_at_ms INTEGER,
    UNIQUE (collection_id, user_id)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS faces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    face_id TEXT NOT NULL UNIQUE,
    image_id TEXT NOT NULL,
    external_image_id TEXT,
    picture_hash TEXT NOT NULL,
    box TEXT NOT NULL,
    confidence REAL NOT NULL,
    model_id TEXT NOT NULL,
    vector BLOB NOT NULL,
    user_row_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    findable_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX IF NOT EXISTS users_changing ON users (collection_id, next_at_ms) WHERE next_at_ms IS NOT NULL;

  CREATE INDEX IF NOT EXISTS faces_by_collection ON faces (collection_id);
  CREATE INDEX IF NOT EXISTS faces_by_picture ON faces (collection_id, picture_hash);
  CREATE INDEX IF NOT EXISTS faces_by_user ON faces (user_row_id);

  CREATE TABLE IF NOT EXISTS tokens (
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    request TEXT NOT NULL,
    answer TEXT NOT NULL,
    used_at_ms INTEGER NOT NULL,
    PRIMARY KEY (operation, token)
  ) STRICT;

  CREATE INDEX IF NOT EXISTS tokens_by_age ON tokens (used_at_ms);
`;
