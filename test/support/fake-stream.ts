/** A Kinesis stream over arrays, for a mapping to read and a test to write. */
import type { Shard, ShardReader, StreamRecord } from '#local/event-sources/kinesis/shard-reader.ts';
import type { Clock } from '#local/servers/wire/clock.ts';

export interface FakeStream extends ShardReader {
  /** Appends a record and returns its sequence number. */
  put(shardId: string, partitionKey: string, data: string): string;
  /** Closes the parents and opens the children: one parent is a split, two are a merge. */
  reshard(parentIds: readonly string[], childIds: readonly string[]): void;
  /** Makes the next reads reject, one per error. */
  failReads(...errors: readonly Error[]): void;
  /** Returns the number of calls of `read`. */
  readCount(): number;
}

interface FakeShard {
  readonly shard: Shard;
  readonly records: StreamRecord[];
}

export function fakeStream(clock: Clock, shardIds: readonly string[], pageSize = 10_000): FakeStream {
  const shards = new Map<string, FakeShard>();
  const errors: Error[] = [];
  let sequence = 1000;
  let reads = 0;

  function open(shardId: string, parentIds: readonly string[]): void {
    shards.set(shardId, { shard: { shardId, parentIds, closed: false }, records: [] });
  }
  function find(shardId: string): FakeShard {
    const found = shards.get(shardId);
    if (found === undefined) throw new Error(`no shard ${shardId}`);
    return found;
  }
  for (const shardId of shardIds) open(shardId, []);

  return {
    put(shardId, partitionKey, data) {
      const { shard, records } = find(shardId);
      if (shard.closed) throw new Error(`${shardId} is closed`);
      sequence += 1;
      const sequenceNumber = String(sequence);
      records.push({ sequenceNumber, partitionKey, data: Buffer.from(data), arrivedAtMs: clock.nowMs() });
      return sequenceNumber;
    },
    reshard(parentIds, childIds) {
      for (const parentId of parentIds) {
        const parent = find(parentId);
        shards.set(parentId, { ...parent, shard: { ...parent.shard, closed: true } });
      }
      for (const childId of childIds) open(childId, parentIds);
    },
    failReads: (...more) => void errors.push(...more),
    readCount: () => reads,
    async listShards() {
      return [...shards.values()].map(({ shard }) => shard);
    },
    async iterator(shardId, position) {
      const { records } = find(shardId);
      switch (position.kind) {
        case 'trim-horizon':
          return `${shardId}@0`;
        case 'latest':
          return `${shardId}@${records.length}`;
        case 'after':
          return `${shardId}@${records.filter((r) => r.sequenceNumber <= position.sequenceNumber).length}`;
      }
    },
    async read(iterator) {
      reads += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      const [shardId = '', index = ''] = iterator.split('@');
      const { shard, records } = find(shardId);
      const page = records.slice(Number(index), Number(index) + pageSize);
      const end = Number(index) + page.length;
      const isAtEnd = end === records.length;
      return {
        records: page,
        nextIterator: shard.closed && isAtEnd ? undefined : `${shardId}@${end}`,
        behindMs: isAtEnd ? 0 : 1000,
      };
    },
  };
}
