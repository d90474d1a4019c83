/**
 * The tables. Deliveries are stored with their endpoint and deleted with it. Deleted rows are overwritten, since a
 * token is as confidential as an address.
 */
export const SCHEMA = `
  PRAGMA secure_delete = ON;

  CREATE TABLE IF NOT EXISTS applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    UNIQUE (platform, name)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS endpoints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    application_id INTEGER NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    endpoint_id TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    user_data TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (application_id, token)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint_id INTEGER NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    collapse_id TEXT,
    sent_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX IF NOT EXISTS deliveries_by_endpoint ON deliveries (endpoint_id, id);
`;
