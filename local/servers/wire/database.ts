/**
 * A server's state: one SQLite file, or memory.
 *
 * Nothing is synced to the disk before a request is answered. What has been written sits in the operating
 * system's cache, which outlives a killed process, and a laptop that loses power may lose its local cloud.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export function openDatabase(dataDir: string | undefined, fileName: string, schema: string): DatabaseSync {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(dataDir === undefined ? ':memory:' : join(dataDir, fileName));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;');
  db.exec(schema);
  return db;
}

/** All of `work` or none of it; one transaction also spares a batch of writes a journal entry each. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** The rows a query selects. The caller names their type, which the schema beside the query vouches for. */
export function select<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row[] {
  return statement.all(...parameters) as unknown as Row[];
}

/** The one row a query selects, if there is one. */
export function selectOne<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row | undefined {
  return statement.get(...parameters) as unknown as Row | undefined;
}
