/**
 * One batch of a shard, from its first invocation to the end of its last record.
 *
 * The rules are AWS's. Where bisecting is on, a failed batch is halved until the bad record is alone;
 * splitting does not count against the retries. A batch that cannot be split is retried with backoff, up to
 * the bound. Records that exhaust their retries, or are too old, go to the on-failure queue, and only then
 * are they done. Order is kept: the second half waits until the first is done.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
import type { Clock } from '../../servers/wire/clock.ts';
import { type BatchResponse, readBatchResponse } from '../batch-response.ts';
import type { Invoke } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import { type KinesisItem, toKinesisEvent } from './event.ts';
import type { Discard, DiscardCondition } from './on-failure.ts';

export interface DeliveryRules {
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: unlimited. */
  readonly maximumRetryAttempts: number;
  /** -1: any age. */
  readonly maximumRecordAgeSeconds: number;
  readonly reportBatchItemFailures: boolean;
}

export interface DeliveryDeps {
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** These records are finished: processed or discarded. */
  readonly done: (items: readonly KinesisItem[]) => void;
  /** Sends a notice to the on-failure queue; rejects where the queue does not accept it. */
  readonly discard: (discard: Discard) => Promise<void>;
  readonly onError: (what: string, error: unknown) => void;
}

type Items = readonly [KinesisItem, ...KinesisItem[]];

/** Consecutive records that are invoked together, and their history. */
interface Piece {
  readonly items: Items;
  readonly invokeCount: number;
  readonly retries: number;
  readonly lastOutcome: Discard['lastOutcome'];
}

/**
 * AWS does not publish its backoff. Ours survives a fault of seconds, and costs a permanent one little CPU.
 */
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 30_000;

function backoffMs(retries: number): number {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** retries);
}

/** Delivers a batch; resolves when every record is done, or early when the signal is aborted. */
export async function deliver(items: Items, rules: DeliveryRules, deps: DeliveryDeps): Promise<void> {
  // A stack: a piece that is split pushes its halves back, the earlier one last.
  const pieces: Piece[] = [{ items, invokeCount: 0, retries: 0, lastOutcome: 'none' }];
  for (let piece = pieces.pop(); piece !== undefined && !deps.signal.aborted; piece = pieces.pop()) {
    const recent = await discardTooOld(piece, rules, deps);
    if (recent !== undefined && !deps.signal.aborted) pieces.push(...(await attempt(recent, rules, deps)));
  }
}

/**
 * Invokes once and returns the remaining pieces, the first one to deliver last.
 *
 * A response that names the very first record is no partial success: the piece counts as failed and is
 * halved. Otherwise one bad record at the head of a thousand would discard the other 999 with it when its
 * retries run out.
 */
async function attempt(piece: Piece, rules: DeliveryRules, deps: DeliveryDeps): Promise<Piece[]> {
  const invocation = await deps.invoke(toKinesisEvent(piece.items));
  const sent = new Set(piece.items.map(({ sequenceNumber }) => sequenceNumber));
  const response = readBatchResponse(invocation, rules.reportBatchItemFailures, sent);
  if (response.kind === 'all-done') {
    deps.done(piece.items);
    return [];
  }
  const tried: Piece = {
    ...piece,
    invokeCount: piece.invokeCount + 1,
    lastOutcome: invocation.ok ? 'reported' : 'error',
  };
  const doneCount = countBeforeFirstFailure(piece.items, response);
  if (doneCount === 0) return await afterNothingDone(tried, rules, deps);
  const { head, rest } = split(piece.items, doneCount);
  deps.done(head);
  if (rest === undefined) return [];
  // With bisecting on, the response itself split the batch, and a split is no retry.
  if (rules.bisectBatchOnFunctionError) return [{ ...tried, items: rest }];
  return await retry({ ...tried, items: rest }, rules, deps);
}

async function afterNothingDone(piece: Piece, rules: DeliveryRules, deps: DeliveryDeps): Promise<Piece[]> {
  const { head, rest } = split(piece.items, Math.ceil(piece.items.length / 2));
  if (!rules.bisectBatchOnFunctionError || rest === undefined) return await retry(piece, rules, deps);
  return [
    { ...piece, items: rest },
    { ...piece, items: head },
  ];
}

async function retry(piece: Piece, rules: DeliveryRules, deps: DeliveryDeps): Promise<Piece[]> {
  if (rules.maximumRetryAttempts !== -1 && piece.retries >= rules.maximumRetryAttempts) {
    await giveUp(piece, 'RetryAttemptsExhausted', deps);
    return [];
  }
  await sleep(deps.clock, backoffMs(piece.retries), deps.signal);
  return [{ ...piece, retries: piece.retries + 1 }];
}

/** Discards the records beyond the maximum age and returns the rest of the piece, if any. */
async function discardTooOld(
  piece: Piece,
  rules: DeliveryRules,
  deps: DeliveryDeps,
): Promise<Piece | undefined> {
  if (rules.maximumRecordAgeSeconds === -1) return piece;
  const arrivedAfterMs = deps.clock.nowMs() - rules.maximumRecordAgeSeconds * 1000;
  const firstRecent = piece.items.findIndex(({ arrivedAtMs }) => arrivedAtMs >= arrivedAfterMs);
  if (firstRecent === 0) return piece;
  const { head, rest } = split(piece.items, firstRecent === -1 ? piece.items.length : firstRecent);
  await giveUp({ ...piece, items: head }, 'RecordAgeExceeded', deps);
  return rest === undefined ? undefined : { ...piece, items: rest };
}

/** Retries until the queue accepts the notice: a record discarded without a notice would be lost. */
async function giveUp(piece: Piece, condition: DiscardCondition, deps: DeliveryDeps): Promise<void> {
  const { items, invokeCount, lastOutcome } = piece;
  for (let tries = 0; !deps.signal.aborted; tries++) {
    try {
      await deps.discard({ items, condition, invokeCount, lastOutcome });
      deps.done(items);
      return;
    } catch (error) {
      deps.onError('sending a notice to the on-failure queue', error);
      await sleep(deps.clock, backoffMs(tries), deps.signal);
    }
  }
}

function countBeforeFirstFailure(
  items: Items,
  response: Exclude<BatchResponse, { kind: 'all-done' }>,
): number {
  if (response.kind === 'all-failed') return 0;
  return items.findIndex(({ sequenceNumber }) => response.failedIds.has(sequenceNumber));
}

/** Returns the first `count` items, at least one, and the rest if there is one. */
function split([first, ...others]: Items, count: number): { head: Items; rest: Items | undefined } {
  const [next, ...after] = others.slice(count - 1);
  return {
    head: [first, ...others.slice(0, count - 1)],
    rest: next === undefined ? undefined : [next, ...after],
  };
}
