/**
 * One shard, read from its checkpoint to its end.
 *
 * Reading runs ahead of the function, so that the next batch is ready when the previous one ends, but only to
 * a bound: a shard can hold more than this machine's memory.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../servers/wire/clock.ts';
import type { Invoke } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import type { Checkpoint } from './checkpoints.ts';
import { type DeliveryRules, deliver } from './delivery.ts';
import { type KinesisItem, type ShardSource, toKinesisItem } from './event.ts';
import { type Lane, startLane } from './lane.ts';
import type { Discard } from './on-failure.ts';
import type { ShardPosition, ShardReader } from './shard-reader.ts';
import { type Watermark, watermark } from './watermark.ts';

export interface ShardRules extends DeliveryRules {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly parallelizationFactor: number;
  readonly pollIntervalMs: number;
}

export interface ShardDeps {
  readonly reader: ShardReader;
  readonly invoke: Invoke;
  readonly discard: (discard: Discard) => Promise<void>;
  readonly checkpoint: (checkpoint: Checkpoint) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * `finished`: read to its end and delivered to its last record. `stopped`: interrupted because the mapping
 * closes.
 */
export type ShardOutcome = 'finished' | 'stopped';

/** A shard allows five reads a second; while there is more to read, all of them are used. */
const CATCH_UP_INTERVAL_MS = 200;

/** Records read and not yet done. One more page may be added: ten thousand records, or 10 MB. */
const READ_AHEAD_RECORDS_MAX = 10_000;

/** Delivers the records of a shard from `from` on, and writes checkpoints as they are done. */
export async function consumeShard(
  source: ShardSource,
  from: ShardPosition,
  rules: ShardRules,
  deps: ShardDeps,
): Promise<ShardOutcome> {
  const progress = watermark();
  let allDone: (() => void) | undefined;

  function done(items: readonly KinesisItem[]): void {
    const reached = progress.done(items.map(({ sequenceNumber }) => sequenceNumber));
    if (reached !== undefined) deps.checkpoint({ kind: 'after', sequenceNumber: reached });
    if (progress.openCount() === 0) allDone?.();
  }

  const lanes: Lane[] = Array.from({ length: rules.parallelizationFactor }, () =>
    startLane({
      ...rules,
      clock: deps.clock,
      deliver: (items) => deliver(items, rules, { ...deps, done }),
    }),
  );

  function handOut(items: readonly KinesisItem[]): void {
    for (const { sequenceNumber } of items) progress.opened(sequenceNumber);
    const byLane = Map.groupBy(items, ({ partitionKey }) => laneOf(partitionKey, lanes.length));
    for (const [index, share] of byLane) lanes[index]?.push(share);
  }

  const atEnd = await readToEnd(source, from, rules.pollIntervalMs, progress, handOut, deps);
  if (atEnd) {
    for (const lane of lanes) lane.end();
    await new Promise<void>((resolve) => {
      if (progress.openCount() === 0 || deps.signal.aborted) return resolve();
      allDone = resolve;
      deps.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await Promise.all(lanes.map((lane) => lane.stop()));
  if (!atEnd || progress.openCount() > 0) return 'stopped';
  deps.checkpoint({ kind: 'finished' });
  return 'finished';
}

/** Polls until the shard has ended (true) or the signal is aborted (false). */
async function readToEnd(
  source: ShardSource,
  from: ShardPosition,
  pollIntervalMs: number,
  progress: Watermark,
  handOut: (items: readonly KinesisItem[]) => void,
  { reader, clock, signal, onError }: ShardDeps,
): Promise<boolean> {
  let position = from;
  let iterator: string | undefined;
  while (!signal.aborted) {
    let waitMs = pollIntervalMs;
    try {
      if (progress.openCount() < READ_AHEAD_RECORDS_MAX) {
        iterator ??= await reader.iterator(source.shardId, position);
        const page = await reader.read(iterator);
        const last = page.records.at(-1);
        if (last !== undefined) position = { kind: 'after', sequenceNumber: last.sequenceNumber };
        handOut(page.records.map((record) => toKinesisItem(record, source)));
        if (page.nextIterator === undefined) return true;
        iterator = page.nextIterator;
        if (page.behindMs > 0) waitMs = Math.min(waitMs, CATCH_UP_INTERVAL_MS);
      }
    } catch (error) {
      onError(`reading ${source.shardId}`, error);
      // A new iterator at the same position fixes every error but a throttle, which only needs time. An
      // iterator at the tip is kept unless it expired: a new one would start at a later tip and skip records.
      const isExpired = error instanceof Error && error.name === 'ExpiredIteratorException';
      if (isExpired || position.kind !== 'latest') iterator = undefined;
    }
    await sleep(clock, waitMs, signal);
  }
  return false;
}

/** Returns the lane of a key. AWS does not document its choice; any fixed one keeps a key in order. */
function laneOf(partitionKey: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE() % lanes;
}
