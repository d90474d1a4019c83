/**
 * The tables. A message is visible from `visible_at_ms` on: a delay, a delivery and the end of a visibility
 * timeout are no more than that time. A receipt handle names `receives`, so it is stale as soon as the message
 * has been received again.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_id INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    visible_at_ms INTEGER NOT NULL,
    receives INTEGER NOT NULL DEFAULT 0,
    first_received_at_ms INTEGER,
    receives_elsewhere INTEGER NOT NULL DEFAULT 0,
    dead_letter_source TEXT
  ) STRICT;

  CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue_id, visible_at_ms);
  CREATE INDEX IF NOT EXISTS messages_by_age ON messages (queue_id, sent_at_ms);
`;
