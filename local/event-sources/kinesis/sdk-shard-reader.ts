/** The shard reader over a Kinesis client. */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  type _Record as KinesisRecord,
  type Shard as KinesisShard,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { Shard, ShardPosition, ShardReader, StreamRecord } from './shard-reader.ts';

/** The most records that one read returns. */
const RECORDS_MAX = 10_000;

/** Returns the reader of a stream's shards. */
export function kinesisShardReader(client: KinesisClient, StreamName: string): ShardReader {
  return {
    async listShards() {
      const shards: Shard[] = [];
      let NextToken: string | undefined;
      do {
        // A token already identifies its stream, and the service rejects a request that names both.
        const page = await client.send(
          new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }),
        );
        shards.push(...(page.Shards ?? []).map(toShard));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return shards;
    },
    async iterator(ShardId, position) {
      const response = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ...toStart(position) }),
      );
      return required(response.ShardIterator, 'ShardIterator');
    },
    async read(ShardIterator) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: RECORDS_MAX }));
      return {
        records: (page.Records ?? []).map(toRecord),
        nextIterator: page.NextShardIterator,
        behindMs: page.MillisBehindLatest ?? 0,
      };
    },
  };
}

function toShard(shard: KinesisShard): Shard {
  return {
    shardId: required(shard.ShardId, 'ShardId'),
    parentIds: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
    closed: shard.SequenceNumberRange?.EndingSequenceNumber !== undefined,
  };
}

function toRecord(record: KinesisRecord): StreamRecord {
  return {
    sequenceNumber: required(record.SequenceNumber, 'SequenceNumber'),
    partitionKey: required(record.PartitionKey, 'PartitionKey'),
    data: required(record.Data, 'Data'),
    arrivedAtMs: required(record.ApproximateArrivalTimestamp, 'ApproximateArrivalTimestamp').getTime(),
  };
}

function toStart(
  position: ShardPosition,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber'> {
  switch (position.kind) {
    case 'trim-horizon':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'latest':
      return { ShardIteratorType: 'LATEST' };
    case 'after':
      return {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: position.sequenceNumber,
      };
  }
}

/** The service always sends these fields, but the client's types declare them optional. */
function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`Kinesis responded without ${field}`);
  return value;
}
