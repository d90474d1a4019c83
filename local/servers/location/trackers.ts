/** Trackers in SQLite, and the collections they are linked to (a tracker's consumers). */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import type { Filtering } from './filtering.ts';

export interface Tracker {
  readonly id: number;
  readonly name: string;
  readonly filtering: Filtering;
  /** Whether each stored position is published as an event. */
  readonly publishesUpdates: boolean;
}

export interface Consumer {
  readonly collectionId: number;
  readonly collectionName: string;
}

export interface Trackers {
  byName(name: string): Tracker | undefined;
  count(): number;
  create(tracker: Omit<Tracker, 'id'>): void;
  update(tracker: Tracker): void;
  /** Returns the linked collections, in the order of linking. */
  consumers(trackerId: number): Consumer[];
  link(trackerId: number, collectionId: number): void;
}

type TrackerRow = Omit<Tracker, 'publishesUpdates'> & { readonly publishesUpdates: number };

/** Returns the trackers of a database. */
export function openTrackers(db: DatabaseSync): Trackers {
  const byName = db.prepare(`
    SELECT id, name, filtering, publishes_updates AS publishesUpdates FROM trackers WHERE name = ?`);
  const count = db.prepare('SELECT count(*) AS count FROM trackers');
  const insert = db.prepare('INSERT INTO trackers (name, filtering, publishes_updates) VALUES (?, ?, ?)');
  const update = db.prepare('UPDATE trackers SET filtering = ?, publishes_updates = ? WHERE id = ?');
  const consumers = db.prepare(`
    SELECT collection_id AS collectionId, name AS collectionName
    FROM consumers JOIN collections ON collections.id = collection_id
    WHERE tracker_id = ? ORDER BY consumers.id`);
  const link = db.prepare('INSERT INTO consumers (tracker_id, collection_id) VALUES (?, ?)');
  return {
    byName(name) {
      const row = selectOne<TrackerRow>(byName, name);
      return row === undefined ? undefined : { ...row, publishesUpdates: row.publishesUpdates === 1 };
    },
    count: () => selectOne<{ count: number }>(count)?.count ?? 0,
    create: ({ name, filtering, publishesUpdates }) =>
      void insert.run(name, filtering, Number(publishesUpdates)),
    update: ({ id, filtering, publishesUpdates }) => void update.run(filtering, Number(publishesUpdates), id),
    consumers: (trackerId) => select<Consumer>(consumers, trackerId),
    link: (trackerId, collectionId) => void link.run(trackerId, collectionId),
  };
}
