/**
 * Streams and their shards: held in memory, where each record looks up its shard, and written through to
 * the database.
 *
 * Closing is the only change of a shard, and a closed shard keeps its index, so that a shard id names one
 * hash range for good.
 */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, select } from '../wire/database.ts';
import type { HashKey, HashRange } from './hash-keys.ts';
import type { Ticks } from './ticks.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

export interface Shard {
  readonly rowId: number;
  readonly index: number;
  readonly parentIndex: number | undefined;
  readonly range: HashRange;
  readonly openedTick: number;
  readonly closedTick: number | undefined;
}

export interface Stream {
  readonly id: number;
  readonly name: string;
  readonly mode: StreamMode;
  readonly retentionHours: number;
  readonly createdTick: number;
  /** By index, open and closed. */
  readonly shards: readonly Shard[];
  /** By hash range; together they cover the whole space. */
  readonly open: readonly Shard[];
}

export interface Streams {
  all(): Stream[];
  byName(name: string): Stream | undefined;
  byId(id: number): Stream | undefined;
  create(name: string, mode: StreamMode, retentionHours: number, ranges: readonly HashRange[]): Stream;
  setRetention(stream: Stream, retentionHours: number): Stream;
  /** Closes the parent and opens a child for each range. */
  split(stream: Stream, parent: Shard, ranges: readonly HashRange[]): Stream;
}

/** Returns a shard's id in AWS's form. */
export function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

/** Returns the open shard whose range holds the hash key, by binary search. */
export function openShardOf(stream: Stream, key: HashKey): Shard {
  let low = 0;
  let high = stream.open.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    // `middle` never leaves the array.
    if ((stream.open[middle] as Shard).range.first <= key) low = middle;
    else high = middle - 1;
  }
  const shard = stream.open[low];
  if (shard === undefined) throw new Error(`stream ${stream.name} has no open shard`);
  return shard;
}

/** Returns the streams of a database. */
export function openStreams(db: DatabaseSync, ticks: Ticks): Streams {
  const insertStream = db.prepare(
    'INSERT INTO streams (name, mode, retention_hours, created_tick) VALUES (?, ?, ?, ?)',
  );
  const updateRetention = db.prepare('UPDATE streams SET retention_hours = ? WHERE id = ?');
  const insertShard = db.prepare(`
    INSERT INTO shards (stream_id, shard_index, parent_index, first_hash, last_hash, opened_tick)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const closeShard = db.prepare('UPDATE shards SET closed_tick = ? WHERE id = ?');
  const byName = new Map(readStreams(db).map((stream) => [stream.name, stream]));
  const byId = new Map([...byName.values()].map((stream) => [stream.id, stream]));

  function keep(stream: Stream): Stream {
    byName.set(stream.name, stream);
    byId.set(stream.id, stream);
    return stream;
  }

  function openShard(streamId: number, shard: Omit<Shard, 'rowId' | 'closedTick'>): Shard {
    const { index, parentIndex = null, range, openedTick } = shard;
    const values = [streamId, index, parentIndex, range.first, range.last, openedTick];
    return { ...shard, rowId: Number(insertShard.run(...values).lastInsertRowid), closedTick: undefined };
  }

  return {
    all: () => [...byName.values()],
    byName: (name) => byName.get(name),
    byId: (id) => byId.get(id),

    create(name, mode, retentionHours, ranges) {
      const stream = inTransaction(db, () => {
        const createdTick = ticks.next();
        const id = Number(insertStream.run(name, mode, retentionHours, createdTick).lastInsertRowid);
        const shards = ranges.map((range, index) =>
          openShard(id, { index, parentIndex: undefined, range, openedTick: createdTick }),
        );
        return { id, name, mode, retentionHours, createdTick, ...withOpen(shards) };
      });
      return keep(stream);
    },

    setRetention(stream, retentionHours) {
      updateRetention.run(retentionHours, stream.id);
      return keep({ ...stream, retentionHours });
    },

    split(stream, parent, ranges) {
      const shards = inTransaction(db, () => {
        const closedTick = ticks.next();
        closeShard.run(closedTick, parent.rowId);
        const older = stream.shards.map((shard) => (shard === parent ? { ...shard, closedTick } : shard));
        // Greater than every tick in the parent, and than the tick that closed it.
        const openedTick = ticks.next();
        const children = ranges.map((range, n) =>
          openShard(stream.id, { index: older.length + n, parentIndex: parent.index, range, openedTick }),
        );
        return [...older, ...children];
      });
      return keep({ ...stream, ...withOpen(shards) });
    },
  };
}

interface StreamRow {
  readonly id: number;
  readonly name: string;
  readonly mode: StreamMode;
  readonly retention_hours: number;
  readonly created_tick: number;
}

interface ShardRow {
  readonly id: number;
  readonly stream_id: number;
  readonly shard_index: number;
  readonly parent_index: number | null;
  readonly first_hash: string;
  readonly last_hash: string;
  readonly opened_tick: number;
  readonly closed_tick: number | null;
}

function readStreams(db: DatabaseSync): Stream[] {
  const shards = Map.groupBy(
    select<ShardRow>(db.prepare('SELECT * FROM shards ORDER BY shard_index')),
    (row) => row.stream_id,
  );
  return select<StreamRow>(db.prepare('SELECT * FROM streams')).map((row) => ({
    id: row.id,
    name: row.name,
    mode: row.mode,
    retentionHours: row.retention_hours,
    createdTick: row.created_tick,
    ...withOpen((shards.get(row.id) ?? []).map(toShard)),
  }));
}

function withOpen(shards: readonly Shard[]): Pick<Stream, 'shards' | 'open'> {
  const open = shards.filter((shard) => shard.closedTick === undefined);
  open.sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  return { shards, open };
}

function toShard(row: ShardRow): Shard {
  return {
    rowId: row.id,
    index: row.shard_index,
    parentIndex: row.parent_index ?? undefined,
    range: { first: row.first_hash, last: row.last_hash },
    openedTick: row.opened_tick,
    closedTick: row.closed_tick ?? undefined,
  };
}
