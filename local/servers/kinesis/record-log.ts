/**
 * The records of all shards, appended in batches and read in order.
 *
 * A batch is one transaction, committed before its request is answered: an acknowledged record survives a
 * killed process.
 */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, selectOne } from '../wire/database.ts';

export interface NewRecord {
  readonly tick: number;
  readonly shardRowId: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface StoredRecord {
  readonly tick: number;
  readonly partition_key: string;
  readonly data: Uint8Array;
}

export interface RecordLog {
  /** Stores a batch as one transaction. */
  append(records: readonly NewRecord[]): void;
  /** Returns records from `fromTick` on, up to `countMax` and `bytesMax`; at least one where there is one. */
  read(shardRowId: number, fromTick: number, countMax: number, bytesMax: number): StoredRecord[];
  /** Returns the tick of the shard's first record at or after `fromTick`. */
  firstTick(shardRowId: number, fromTick: number): number | undefined;
  /** Deletes a shard's records older than `tick`. */
  trim(shardRowId: number, tick: number): void;
}

/** Returns the record log of a database. */
export function openRecordLog(db: DatabaseSync): RecordLog {
  const insert = db.prepare('INSERT INTO records (tick, shard_id, partition_key, data) VALUES (?, ?, ?, ?)');
  const scan = db.prepare(
    'SELECT tick, partition_key, data FROM records WHERE shard_id = ? AND tick >= ? ORDER BY tick LIMIT ?',
  );
  const first = db.prepare('SELECT tick FROM records WHERE shard_id = ? AND tick >= ? ORDER BY tick LIMIT 1');
  const remove = db.prepare('DELETE FROM records WHERE shard_id = ? AND tick < ?');
  return {
    append(records) {
      if (records.length === 0) return;
      inTransaction(db, () => {
        for (const { tick, shardRowId, partitionKey, data } of records)
          insert.run(tick, shardRowId, partitionKey, data);
      });
    },
    read(shardRowId, fromTick, countMax, bytesMax) {
      const records: StoredRecord[] = [];
      let bytes = 0;
      for (const row of scan.iterate(shardRowId, fromTick, countMax)) {
        // The columns are the three selected above.
        const record = row as unknown as StoredRecord;
        bytes += record.data.length + record.partition_key.length;
        if (bytes > bytesMax && records.length > 0) break;
        records.push(record);
      }
      return records;
    },
    firstTick: (shardRowId, fromTick) => selectOne<{ tick: number }>(first, shardRowId, fromTick)?.tick,
    trim: (shardRowId, tick) => {
      remove.run(shardRowId, tick);
    },
  };
}
