/** The messages of all queues: sent, received and hidden, moved to dead letters, deleted. */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, select, selectOne } from '../wire/database.ts';
import type { MessageAttributes } from './message-attributes.ts';

export interface NewMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly visibleAtMs: number;
}

export interface StoredMessage {
  readonly id: number;
  readonly queue_id: number;
  readonly message_id: string;
  readonly body: string;
  /** MessageAttributes as JSON. */
  readonly attributes: string;
  readonly sent_at_ms: number;
  readonly visible_at_ms: number;
  /** The number of deliveries from this queue. */
  readonly receives: number;
  readonly first_received_at_ms: number | null;
  /** The number of deliveries from the queues that it was in before. */
  readonly receives_elsewhere: number;
  readonly dead_letter_source: string | null;
}

interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Messages {
  /** Stores messages as one transaction. */
  send(queueId: number, messages: readonly NewMessage[], nowMs: number): void;
  /** Returns visible messages, those that have been visible longest first. */
  visible(queueId: number, nowMs: number, countMax: number): StoredMessage[];
  byId(id: number): StoredMessage | undefined;
  /** Records a delivery, which hides the message until then, and returns the message. */
  hide(message: StoredMessage, nowMs: number, untilMs: number): StoredMessage;
  /** Moves a message to its dead-letter queue; its deliveries are added up. */
  moveTo(message: StoredMessage, queueId: number, sourceArn: string, nowMs: number): void;
  delete(id: number): void;
  /** Makes every received message visible again, as if its receiver had given it back. */
  release(nowMs: number): void;
  /** Deletes the messages that were sent at or before then. */
  expire(queueId: number, sentAtMs: number): void;
  /** Returns the time at which the next hidden message becomes visible, if there is one. */
  nextVisibleAtMs(queueId: number, nowMs: number): number | undefined;
  counts(queueId: number, nowMs: number): Counts;
  /** Runs `work` as one transaction and returns its result. */
  inTransaction<T>(work: () => T): T;
}

/** Returns the messages of a database. */
export function openMessages(db: DatabaseSync): Messages {
  const insert = db.prepare(`
    INSERT INTO messages (queue_id, message_id, body, attributes, sent_at_ms, visible_at_ms) VALUES (?, ?, ?, ?, ?, ?)`);
  const visible = db.prepare(
    'SELECT * FROM messages WHERE queue_id = ? AND visible_at_ms <= ? ORDER BY visible_at_ms, id LIMIT ?',
  );
  const byId = db.prepare('SELECT * FROM messages WHERE id = ?');
  const hide = db.prepare(`
    UPDATE messages
    SET receives = receives + 1, visible_at_ms = ?, first_received_at_ms = coalesce(first_received_at_ms, ?)
    WHERE id = ? RETURNING *`);
  const move = db.prepare(`
    UPDATE messages
    SET queue_id = ?, visible_at_ms = ?, dead_letter_source = ?,
      receives_elsewhere = receives_elsewhere + receives, receives = 0
    WHERE id = ?`);
  const remove = db.prepare('DELETE FROM messages WHERE id = ?');
  const release = db.prepare(
    'UPDATE messages SET visible_at_ms = ? WHERE receives > 0 AND visible_at_ms > ?',
  );
  const expire = db.prepare('DELETE FROM messages WHERE queue_id = ? AND sent_at_ms <= ?');
  const next = db.prepare(
    'SELECT min(visible_at_ms) AS at FROM messages WHERE queue_id = ? AND visible_at_ms > ?',
  );
  const count = db.prepare(`
    SELECT
      count(*) FILTER (WHERE visible_at_ms <= :now) AS visible,
      count(*) FILTER (WHERE visible_at_ms > :now AND receives > 0) AS inFlight,
      count(*) FILTER (WHERE visible_at_ms > :now AND receives = 0) AS delayed
    FROM messages WHERE queue_id = :queue`);
  return {
    /** Stores messages as one transaction. */
    send(queueId, messages, nowMs) {
      inTransaction(db, () => {
        for (const { messageId, body, attributes, visibleAtMs } of messages) {
          insert.run(queueId, messageId, body, JSON.stringify(attributes), nowMs, visibleAtMs);
        }
      });
    },
    visible: (queueId, nowMs, countMax) => select(visible, queueId, nowMs, countMax),
    byId: (id) => selectOne(byId, id),
    hide(message, nowMs, untilMs) {
      const hidden = selectOne<StoredMessage>(hide, untilMs, nowMs, message.id);
      if (hidden === undefined) throw new Error(`message ${message.id} was deleted during its delivery`);
      return hidden;
    },
    moveTo: (message, queueId, sourceArn, nowMs) => void move.run(queueId, nowMs, sourceArn, message.id),
    delete: (id) => void remove.run(id),
    release: (nowMs) => void release.run(nowMs, nowMs),
    expire: (queueId, sentAtMs) => void expire.run(queueId, sentAtMs),
    nextVisibleAtMs: (queueId, nowMs) =>
      selectOne<{ at: number | null }>(next, queueId, nowMs)?.at ?? undefined,
    counts(queueId, nowMs) {
      // A query of counts always returns one row.
      return count.get({ now: nowMs, queue: queueId }) as unknown as Counts;
    },
    inTransaction: (work) => inTransaction(db, work),
  };
}
