/** The mappings against the local Kinesis and SQS servers, over the SDK's clients. */
import {
  CreateStreamCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sqsFailureQueue } from '#local/event-sources/failure-queue.ts';
import { openCheckpoints } from '#local/event-sources/kinesis/checkpoints.ts';
import { startKinesisMapping } from '#local/event-sources/kinesis/mapping.ts';
import { startSqsMapping } from '#local/event-sources/sqs/mapping.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { startSqs } from '#local/servers/sqs/server.ts';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const StreamName = 'events';

let kinesisServer: Awaited<ReturnType<typeof startKinesis>>;
let sqsServer: Awaited<ReturnType<typeof startSqs>>;
let kinesis: KinesisClient;
let sqs: SQSClient;

beforeAll(async () => {
  kinesisServer = await startKinesis({});
  sqsServer = await startSqs({});
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  kinesis = new KinesisClient({ ...common, endpoint: kinesisServer.url });
  sqs = new SQSClient({ ...common, endpoint: sqsServer.url });
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});
afterAll(async () => {
  kinesis.destroy();
  sqs.destroy();
  await Promise.all([kinesisServer.close(), sqsServer.close()]);
});

async function createQueue(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

describe('a Kinesis mapping on the wire', () => {
  it('delivers all records through a reshard and reports the one that never succeeds to the queue', async () => {
    const onFailureQueueUrl = await createQueue('notices');
    const put = (from: number, to: number) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: Array.from({ length: to - from }, (_, n) => ({
            PartitionKey: `key-${(from + n) % 4}`,
            Data: Buffer.from(String(from + n)),
          })),
        }),
      );
    await put(0, 20);
    const seen: string[] = [];
    const checkpoints = openCheckpoints();
    const mapping = startKinesisMapping(
      {
        uuid: 'wire',
        streamName: StreamName,
        functionName: 'count-events',
        batchSize: 1000,
        batchingWindowMs: 0,
        startingPosition: 'TRIM_HORIZON',
        parallelizationFactor: 2,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 0,
        maximumRecordAgeSeconds: -1,
        reportBatchItemFailures: true,
        onFailureQueueUrl,
      },
      {
        kinesis,
        failureQueue: sqsFailureQueue(sqs),
        checkpoints,
        pollIntervalMs: 20,
        async invoke(event) {
          const { Records } = event as { Records: { kinesis: { data: string } }[] };
          const texts = Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString());
          if (texts.includes('7')) return FAILED;
          seen.push(...texts);
          return OK;
        },
      },
    );
    await vi.waitFor(() => expect(seen).toHaveLength(19), 5_000);
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    await kinesis.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: Shards[0]?.ShardId,
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await put(20, 40);
    await vi.waitFor(() => expect(seen).toHaveLength(39), 5_000);
    await mapping.close();

    const all = Array.from({ length: 40 }, (_, n) => n).filter((n) => n !== 7);
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(all);
    for (let key = 0; key < 4; key++) {
      expect(seen.map(Number).filter((n) => n % 4 === key)).toEqual(all.filter((n) => n % 4 === key));
    }
    expect(checkpoints.read('wire', Shards[0]?.ShardId ?? '')).toEqual({ kind: 'finished' });
    checkpoints.close();
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: onFailureQueueUrl }));
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toMatchObject([
      { KinesisBatchInfo: { shardId: Shards[0]?.ShardId, batchSize: 1 } },
    ]);
  });
});

describe('an SQS mapping on the wire', () => {
  it('batches more than ten, deletes processed messages and leaves the rest to the visibility timeout', async () => {
    const QueueUrl = await createQueue('cells-changed');
    for (const tens of [0, 1]) {
      const Entries = Array.from({ length: 10 }, (_, n) => ({
        Id: String(n),
        MessageBody: String(tens * 10 + n),
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    const batches: string[][] = [];
    const mapping = startSqsMapping(
      {
        queueUrl: QueueUrl,
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:cells-changed',
        batchSize: 20,
        batchingWindowMs: 5_000,
        maximumConcurrency: 1,
        reportBatchItemFailures: true,
      },
      {
        sqs,
        async invoke(event) {
          const { Records } = event as { Records: { body: string; messageId: string }[] };
          batches.push(Records.map(({ body }) => body));
          const itemIdentifier = Records.find(({ body }) => body === '7')?.messageId ?? '';
          return { ok: true, payload: { batchItemFailures: [{ itemIdentifier }] } };
        },
      },
    );
    await vi.waitFor(() => expect(batches).toHaveLength(1), 5_000);
    await mapping.close();
    expect(batches[0]?.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const counts = await attributesOf(QueueUrl);
    expect(counts).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
  });

  async function attributesOf(QueueUrl: string): Promise<unknown> {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Attributes;
  }
});
