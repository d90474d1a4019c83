/**
 * The progress of a stream mapping, shard by shard.
 *
 * Everything up to a checkpoint is finished: processed, or reported to the on-failure queue. A lost
 * checkpoint costs a replay and never a record, so it is written after the work.
 */
import { openDatabase } from '../../servers/wire/database.ts';

export type Checkpoint =
  | { readonly kind: 'after'; readonly sequenceNumber: string }
  /** The shard was closed by a reshard and read to its end, so its children may start. */
  | { readonly kind: 'finished' };

export interface CheckpointStore {
  read(mappingId: string, shardId: string): Checkpoint | undefined;
  write(mappingId: string, shardId: string, checkpoint: Checkpoint): void;
  close(): void;
}

// A finished shard has no sequence number.
const SCHEMA = `CREATE TABLE IF NOT EXISTS checkpoints (
  mapping_id TEXT, shard_id TEXT, sequence_number TEXT, PRIMARY KEY (mapping_id, shard_id)
) WITHOUT ROWID`;

/**
 * Opens the checkpoints of all mappings in `dataDir`; in memory, and lost with the process, where it is
 * absent.
 */
export function openCheckpoints(dataDir?: string): CheckpointStore {
  const database = openDatabase(dataDir, 'checkpoints.sqlite', SCHEMA);
  const select = database.prepare(
    'SELECT sequence_number FROM checkpoints WHERE mapping_id = ? AND shard_id = ?',
  );
  const upsert = database.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)');
  return {
    read(mappingId, shardId) {
      const row = select.get(mappingId, shardId);
      if (row === undefined) return undefined;
      const sequenceNumber = row['sequence_number'];
      return typeof sequenceNumber === 'string' ? { kind: 'after', sequenceNumber } : { kind: 'finished' };
    },
    write(mappingId, shardId, checkpoint) {
      upsert.run(mappingId, shardId, checkpoint.kind === 'after' ? checkpoint.sequenceNumber : null);
    },
    close: () => database.close(),
  };
}
