/** The latest messages of each endpoint: what a phone would show, were there one. */
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';
import { DELIVERIES_KEPT_MAX } from './limits.ts';

export interface NewDelivery {
  readonly messageId: string;
  /** The payload for the push service, parsed. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** A phone shows only the latest of the messages that share one. */
  readonly collapseId: string | undefined;
  readonly sentAtMs: number;
}

export interface Deliveries {
  /** Stores a message and deletes the oldest beyond the limit. */
  add(endpointRowId: number, delivery: NewDelivery): void;
  /** Returns an endpoint's messages, newest first. */
  of(endpointRowId: number): NewDelivery[];
  lastSentAtMs(endpointRowId: number): number | undefined;
}

interface Row {
  readonly messageId: string;
  readonly payload: string;
  readonly collapseId: string | null;
  readonly sentAtMs: number;
}

/** Returns the deliveries of a database. */
export function openDeliveries(db: DatabaseSync): Deliveries {
  const insert = db.prepare(`
    INSERT INTO deliveries (endpoint_id, message_id, payload, collapse_id, sent_at_ms) VALUES (?, ?, ?, ?, ?)`);
  const trim = db.prepare(`
    DELETE FROM deliveries WHERE endpoint_id = ?1 AND id <= (
      SELECT id FROM deliveries WHERE endpoint_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${DELIVERIES_KEPT_MAX})`);
  const all = db.prepare(`
    SELECT message_id AS messageId, payload, collapse_id AS collapseId, sent_at_ms AS sentAtMs
    FROM deliveries WHERE endpoint_id = ? ORDER BY id DESC`);
  const last = db.prepare(
    'SELECT sent_at_ms AS sentAtMs FROM deliveries WHERE endpoint_id = ? ORDER BY id DESC LIMIT 1',
  );
  return {
    /** Stores a message and deletes the oldest beyond the limit. */
    add(endpointRowId, { messageId, payload, collapseId, sentAtMs }) {
      insert.run(endpointRowId, messageId, JSON.stringify(payload), collapseId ?? null, sentAtMs);
      trim.run(endpointRowId);
    },
    of: (endpointRowId) =>
      select<Row>(all, endpointRowId).map(({ payload, collapseId, ...row }) => ({
        ...row,
        payload: JSON.parse(payload),
        collapseId: collapseId ?? undefined,
      })),
    lastSentAtMs: (endpointRowId) => selectOne<Pick<Row, 'sentAtMs'>>(last, endpointRowId)?.sentAtMs,
  };
}
