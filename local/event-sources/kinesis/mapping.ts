/**
 * The Kinesis event source mapping: every shard of a stream, in order, into one function.
 *
 * After a reshard a key's older records are in the parent shard and its newer ones in a child, so a child
 * starts only when its parents are finished. This file decides that alone; shard.ts reads one shard,
 * delivery.ts delivers one batch.
 */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { systemClock } from '../../servers/wire/clock.ts';
import type { EventSource, EventSourceDeps } from '../event-source.ts';
import type { FailureQueue } from '../failure-queue.ts';
import { sleep } from '../sleep.ts';
import type { Checkpoint, CheckpointStore } from './checkpoints.ts';
import type { ShardSource } from './event.ts';
import { type Discard, onFailureNotice } from './on-failure.ts';
import { kinesisShardReader } from './sdk-shard-reader.ts';
import { consumeShard } from './shard.ts';
import type { Shard, ShardPosition, ShardReader } from './shard-reader.ts';

export interface KinesisMappingConfig {
  /** The key of the mapping's checkpoints; constant over restarts. */
  readonly uuid: string;
  readonly streamName: string;
  readonly streamArn?: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly parallelizationFactor: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: unlimited. */
  readonly maximumRetryAttempts: number;
  /** -1: any age. */
  readonly maximumRecordAgeSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly onFailureQueueUrl?: string;
}

export interface KinesisMappingDeps extends EventSourceDeps {
  readonly checkpoints: CheckpointStore;
  /** A client of the stream, or a shard reader. */
  readonly kinesis: KinesisClient | ShardReader;
  /** Required where the mapping has an on-failure queue. */
  readonly failureQueue?: FailureQueue;
  /** AWS polls each shard once a second. */
  readonly pollIntervalMs?: number;
}

const POLL_INTERVAL_MS = 1000;

/** Shards are listed again after this many polls, and when one has been read to its end. */
const POLLS_PER_LISTING = 10;

/** Starts the mapping: it reads every shard of the stream until it is closed. */
export function startKinesisMapping(config: KinesisMappingConfig, deps: KinesisMappingDeps): EventSource {
  const { clock = systemClock, pollIntervalMs = POLL_INTERVAL_MS, onError = () => {} } = deps;
  const { checkpoints } = deps;
  const reader =
    'listShards' in deps.kinesis ? deps.kinesis : kinesisShardReader(deps.kinesis, config.streamName);
  const streamArn = config.streamArn ?? `arn:aws:kinesis:us-east-1:000000000000:stream/${config.streamName}`;
  const closing = new AbortController();
  const { signal } = closing;
  const running = new Map<string, Promise<void>>();
  let firstListing = true;
  let listAgain = new AbortController();

  const isFinished = (shardId: string) => checkpoints.read(config.uuid, shardId)?.kind === 'finished';

  async function startReadyShards(): Promise<void> {
    const shards = await reader.listShards();
    const fromTip = firstListing && config.startingPosition === 'LATEST';
    if (fromTip) skipClosedShards(shards, config.uuid, checkpoints);
    firstListing = false;
    const listed = new Set(shards.map(({ shardId }) => shardId));
    for (const { shardId, parentIds } of shards) {
      if (running.has(shardId) || isFinished(shardId)) continue;
      // A parent that is no longer listed has passed its retention, and so have its records.
      if (parentIds.some((id) => listed.has(id) && !isFinished(id))) continue;
      const task = runShard(shardId, fromTip).finally(() => running.delete(shardId));
      running.set(shardId, task);
    }
  }

  async function runShard(shardId: string, fromTip: boolean): Promise<void> {
    const source: ShardSource = { streamArn, shardId, functionName: config.functionName };
    const outcome = await consumeShard(
      source,
      startPosition(checkpoints.read(config.uuid, shardId), fromTip),
      { ...config, pollIntervalMs },
      {
        reader,
        clock,
        signal,
        onError,
        invoke: deps.invoke,
        discard: (discard) => sendNotice(discard, source, config, deps),
        checkpoint: (checkpoint) => checkpoints.write(config.uuid, shardId, checkpoint),
      },
    );
    // Its children were created when it was closed, so they are listed by now.
    if (outcome === 'finished') listAgain.abort();
  }

  const discovery = (async () => {
    while (!signal.aborted) {
      listAgain = new AbortController();
      try {
        await startReadyShards();
      } catch (error) {
        onError(`listing the shards of ${config.streamName}`, error);
      }
      await sleep(clock, pollIntervalMs * POLLS_PER_LISTING, AbortSignal.any([signal, listAgain.signal]));
    }
  })();

  return {
    async close() {
      closing.abort();
      await discovery;
      await Promise.all(running.values());
    },
  };
}

/** LATEST starts at the present, and a shard that is closed already gets no further records. */
function skipClosedShards(shards: readonly Shard[], mappingId: string, checkpoints: CheckpointStore): void {
  for (const { shardId, closed } of shards) {
    const isNew = checkpoints.read(mappingId, shardId) === undefined;
    if (closed && isNew) checkpoints.write(mappingId, shardId, { kind: 'finished' });
  }
}

function startPosition(checkpoint: Checkpoint | undefined, fromTip: boolean): ShardPosition {
  if (checkpoint?.kind === 'after') return checkpoint;
  return fromTip ? { kind: 'latest' } : { kind: 'trim-horizon' };
}

async function sendNotice(
  discard: Discard,
  source: ShardSource,
  { onFailureQueueUrl }: KinesisMappingConfig,
  { failureQueue, clock = systemClock }: KinesisMappingDeps,
): Promise<void> {
  if (onFailureQueueUrl === undefined) return;
  if (failureQueue === undefined) throw new Error('a mapping with an on-failure queue needs a failureQueue');
  const notice = onFailureNotice(discard, source, clock.nowMs());
  await failureQueue.send(onFailureQueueUrl, JSON.stringify(notice));
}
