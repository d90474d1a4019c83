/** Reads shards through an ordinary Kinesis client. */
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

/** As many as one read may answer. */
const RECORDS_MAX = 10_000;

export function kinesisShardReader(client: KinesisClient, StreamName: string): ShardReader {
  return {
    async listShards() {
      const shards: Shard[] = [];
      let NextToken: string | undefined;
      do {
        // A token already says which stream it continues, and the service refuses to be told twice.
        const page = await client.send(
          new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }),
        );
        shards.push(...(page.Shards ?? []).map(toShard));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return shards;
    },
    async iterator(ShardId, position) {
      const answer = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ...toStart(position) }),
      );
      return required(answer.ShardIterator, 'ShardIterator');
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

/** The service always sends these fields; the client's types cannot say so. */
function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`Kinesis answered without ${field}`);
  return value;
}
