/**
 * The tables. A record's tick is unique in the whole server, so it is the row's key, and an index on the
 * shard alone finds a shard's records in order, since SQLite's indexes end in the row's key.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL,
    retention_hours INTEGER NOT NULL,
    created_tick INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS shards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    stream_id INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    shard_index INTEGER NOT NULL,
    parent_index INTEGER,
    first_hash TEXT NOT NULL,
    last_hash TEXT NOT NULL,
    opened_tick INTEGER NOT NULL,
    closed_tick INTEGER,
    UNIQUE (stream_id, shard_index)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS records (
    tick INTEGER PRIMARY KEY,
    shard_id INTEGER NOT NULL REFERENCES shards (id) ON DELETE CASCADE,
    partition_key TEXT NOT NULL,
    data BLOB NOT NULL
  ) STRICT;

  CREATE INDEX IF NOT EXISTS records_by_shard ON records (shard_id);
`;
