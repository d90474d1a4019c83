/** Queues: held in memory, where each call looks one up, and written through to the database. */
import type { DatabaseSync } from 'node:sqlite';
import { select } from '../wire/database.ts';
import type { Settings } from './settings.ts';

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly settings: Settings;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export interface Queues {
  byName(name: string): Queue | undefined;
  create(name: string, settings: Settings, nowMs: number): Queue;
  /** Replaces a queue's settings. */
  change(queue: Queue, settings: Settings, nowMs: number): void;
}

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly settings: string;
  readonly created_at_ms: number;
  readonly modified_at_ms: number;
}

/** Returns the queues of a database. */
export function openQueues(db: DatabaseSync): Queues {
  const insert = db.prepare(
    'INSERT INTO queues (name, settings, created_at_ms, modified_at_ms) VALUES (?, ?, ?, ?)',
  );
  const update = db.prepare('UPDATE queues SET settings = ?, modified_at_ms = ? WHERE id = ?');
  const byName = new Map<string, Queue>();
  for (const row of select<QueueRow>(db.prepare('SELECT * FROM queues'))) {
    const { id, name, created_at_ms: createdAtMs, modified_at_ms: modifiedAtMs } = row;
    byName.set(name, { id, name, settings: JSON.parse(row.settings), createdAtMs, modifiedAtMs });
  }
  return {
    byName: (name) => byName.get(name),
    create(name, settings, nowMs) {
      const { lastInsertRowid } = insert.run(name, JSON.stringify(settings), nowMs, nowMs);
      const queue = { id: Number(lastInsertRowid), name, settings, createdAtMs: nowMs, modifiedAtMs: nowMs };
      byName.set(name, queue);
      return queue;
    },
    /** Replaces a queue's settings. */
    change(queue, settings, nowMs) {
      update.run(JSON.stringify(settings), nowMs, queue.id);
      byName.set(queue.name, { ...queue, settings, modifiedAtMs: nowMs });
    },
  };
}
