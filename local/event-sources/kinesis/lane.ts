/**
 * A lane: the part of a shard whose records are delivered one batch after the other.
 *
 * A shard has as many lanes as its parallelization factor, and a partition key always maps to the same one,
 * which keeps a key's records in order. A batch is delivered when it is full, when its window is over, or
 * when the shard has ended.
 */
import type { Clock } from '../../servers/wire/clock.ts';
import { cutBatch } from '../batch-cut.ts';
import type { KinesisItem } from './event.ts';

export interface LaneConfig {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly clock: Clock;
  /** Delivers one batch to its end. Never called again before it has resolved. */
  readonly deliver: (items: readonly [KinesisItem, ...KinesisItem[]]) => Promise<void>;
}

export interface Lane {
  push(items: readonly KinesisItem[]): void;
  /** Announces that nothing more will be pushed, so that waiting items need not wait for the window. */
  end(): void;
  /** Drops the waiting items; resolves when no batch is under way. */
  stop(): Promise<void>;
}

/** Starts an empty lane. */
export function startLane(config: LaneConfig): Lane {
  const waiting: KinesisItem[] = [];
  let underWay: Promise<void> | undefined;
  let cancelWindow: (() => void) | undefined;
  let windowOver = config.batchingWindowMs === 0;
  let ended = false;
  let stopped = false;

  function pump(): void {
    if (stopped || underWay !== undefined || waiting.length === 0) return;
    const cut = cutBatch(waiting, config.batchSize);
    if (!cut.full && !ended && !windowOver) {
      cancelWindow ??= config.clock.at(config.clock.nowMs() + config.batchingWindowMs, () => {
        windowOver = true;
        pump();
      });
      return;
    }
    closeWindow();
    const [first, ...others] = waiting.splice(0, cut.count);
    if (first === undefined) return;
    underWay = config.deliver([first, ...others]).finally(() => {
      underWay = undefined;
      pump();
    });
  }

  function closeWindow(): void {
    cancelWindow?.();
    cancelWindow = undefined;
    windowOver = config.batchingWindowMs === 0;
  }

  return {
    push(items) {
      for (const item of items) waiting.push(item);
      pump();
    },
    end() {
      ended = true;
      pump();
    },
    async stop() {
      stopped = true;
      closeWindow();
      waiting.length = 0;
      await underWay;
    },
  };
}
