/**
 * The tables. A device has no row of its own: once its positions are deleted, nothing of it is left in a
 * tracker.
 *
 * `states` stores, per collection and device, the time of the last evaluated position and the geofences it
 * was in, as row ids of `geofences`. A geofence that is deleted and put again gets a new row id, so it is
 * entered again without an exit.
 *
 * `secure_delete` overwrites deleted positions, which are personal data and would otherwise remain in free
 * pages of the file.
 */
export const SCHEMA = `
  PRAGMA secure_delete = ON;

  CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE IF NOT EXISTS geofences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    geofence_id TEXT NOT NULL,
    geometry TEXT NOT NULL,
    properties TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    UNIQUE (collection_id, geofence_id)
  ) STRICT;

  CREATE INDEX IF NOT EXISTS geofences_by_collection ON geofences (collection_id, id);

  CREATE TABLE IF NOT EXISTS states (
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    sampled_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    inside TEXT NOT NULL,
    PRIMARY KEY (collection_id, device_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS trackers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    filtering TEXT NOT NULL,
    publishes_updates INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS consumers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tracker_id INTEGER NOT NULL REFERENCES trackers (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    UNIQUE (tracker_id, collection_id)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS positions (
    tracker_id INTEGER NOT NULL REFERENCES trackers (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    sampled_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    lng REAL NOT NULL,
    lat REAL NOT NULL,
    accuracy_m REAL,
    properties TEXT,
    PRIMARY KEY (tracker_id, device_id, sampled_at_ms)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX IF NOT EXISTS positions_by_age ON positions (received_at_ms);
`;
