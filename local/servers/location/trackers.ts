/** Trackers, and the collections that are linked to them. */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import { type Extras, extrasOf } from './extras.ts';
import type { Filtering } from './filtering.ts';

export interface Tracker {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly filtering: Filtering;
  /** Whether each position that it stores is told as an event. */
  readonly tellsUpdates: boolean;
  readonly extras: Extras;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Consumer {
  readonly id: number;
  readonly collectionId: number;
  readonly collectionName: string;
}

export interface Trackers {
  byName(name: string): Tracker | undefined;
  /** In the order they were created in. */
  after(id: number, countMax: number): Tracker[];
  count(): number;
  create(tracker: Omit<Tracker, 'id' | 'updatedAtMs'>): void;
  change(tracker: Tracker, nowMs: number): void;
  /** With all its positions and links. */
  delete(tracker: Tracker): void;
  /** In the order they were linked in. */
  consumers(trackerId: number): Consumer[];
  link(trackerId: number, collectionId: number): void;
  unlink(consumer: Consumer): void;
}

type TrackerRow = Omit<Tracker, 'tellsUpdates' | 'extras'> & {
  readonly tellsUpdates: number;
  readonly extras: string;
};

const COLUMNS = `
  id, name, description, filtering, tells_updates AS tellsUpdates, extras,
  created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

export function openTrackers(db: DatabaseSync): Trackers {
  const byName = db.prepare(`SELECT ${COLUMNS} FROM trackers WHERE name = ?`);
  const after = db.prepare(`SELECT ${COLUMNS} FROM trackers WHERE id > ? ORDER BY id LIMIT ?`);
  const count = db.prepare('SELECT count(*) AS count FROM trackers');
  const insert = db.prepare(`
    INSERT INTO trackers (name, description, filtering, tells_updates, extras, created_at_ms, updated_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const update = db.prepare(
    'UPDATE trackers SET description = ?, filtering = ?, tells_updates = ?, updated_at_ms = ? WHERE id = ?',
  );
  const remove = db.prepare('DELETE FROM trackers WHERE id = ?');
  const consumers = db.prepare(`
    SELECT consumers.id AS id, collection_id AS collectionId, name AS collectionName
    FROM consumers JOIN collections ON collections.id = collection_id
    WHERE tracker_id = ? ORDER BY consumers.id`);
  const link = db.prepare('INSERT INTO consumers (tracker_id, collection_id) VALUES (?, ?)');
  const unlink = db.prepare('DELETE FROM consumers WHERE id = ?');
  return {
    byName(name) {
      const row = selectOne<TrackerRow>(byName, name);
      return row === undefined ? undefined : trackerOf(row);
    },
    after: (id, countMax) => select<TrackerRow>(after, id, countMax).map(trackerOf),
    count: () => selectOne<{ count: number }>(count)?.count ?? 0,
    create({ name, description, filtering, tellsUpdates, extras, createdAtMs }) {
      const written = JSON.stringify(extras);
      insert.run(name, description, filtering, Number(tellsUpdates), written, createdAtMs, createdAtMs);
    },
    change: ({ id, description, filtering, tellsUpdates }, nowMs) =>
      void update.run(description, filtering, Number(tellsUpdates), nowMs, id),
    delete: ({ id }) => void remove.run(id),
    consumers: (trackerId) => select<Consumer>(consumers, trackerId),
    link: (trackerId, collectionId) => void link.run(trackerId, collectionId),
    unlink: ({ id }) => void unlink.run(id),
  };
}

function trackerOf(row: TrackerRow): Tracker {
  return { ...row, tellsUpdates: row.tellsUpdates === 1, extras: extrasOf(row.extras) };
}
