/**
 * The tables. A device is known by its positions alone: when the last of them goes, nothing of it is left in a tracker.
 *
 * `states` remembers of each device that was held against a collection when it was where, and in which fences it was, as row ids of
 * `geofences`; so a fence that is deleted is left without a word, and one that is put again is entered anew.
 *
 * Where somebody was is overwritten when it is deleted: a free page in a file would go on telling it.
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
