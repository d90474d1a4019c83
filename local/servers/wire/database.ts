/**
 * A server's state: one SQLite file, or memory.
 *
 * Nothing is synced to the disk before a request is answered. Writes are in the operating system's cache,
 * which outlives a killed process; a laptop that loses power may lose its local cloud.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** Opens a database in the folder, which is created where needed, or in memory, and applies the schema. */
export function openDatabase(dataDir: string | undefined, fileName: string, schema: string): DatabaseSync {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(dataDir === undefined ? ':memory:' : join(dataDir, fileName));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;');
  // What an erasure deletes is overwritten, and does not stay in free pages.
  db.exec('PRAGMA secure_delete = ON;');
  db.exec(schema);
  return db;
}

/**
 * Runs `work` as one transaction and returns its result; one transaction also spares a batch of writes a
 * journal entry each.
 *
 * @throws the error of `work`, after a rollback.
 */
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

/** Returns the rows that a query selects. Their type is the caller's claim; the schema beside the query proves it. */
export function select<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row[] {
  return statement.all(...parameters) as unknown as Row[];
}

/** Returns the first row that a query selects, if any. */
export function selectOne<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row | undefined {
  return statement.get(...parameters) as unknown as Row | undefined;
}
