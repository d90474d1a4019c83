/**
 * One batch of a shard, from its first invocation to the end of its last record.
 *
 * The rules are AWS's. A failed batch is halved where bisecting is on, until the bad record stands alone;
 * splitting does not count against the retries. What cannot be split is retried, each time later, up to
 * the bound. What is beyond retry, or too old, goes to the on-failure queue, and only then is it done.
 * Nothing overtakes: the second half waits until the first is over.
 */

import type { Clock } from '../../servers/wire/clock.ts';
import { type BatchAnswer, readBatchAnswer } from '../batch-response.ts';
import type { Invoke } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import { type KinesisItem, toKinesisEvent } from './event.ts';
import type { Discard, DiscardCondition } from './on-failure.ts';

export interface DeliveryRules {
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: for ever. */
  readonly maximumRetryAttempts: number;
  /** -1: any age. */
  readonly maximumRecordAgeSeconds: number;
  readonly reportBatchItemFailures: boolean;
}

export interface DeliveryDeps {
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** These records are over, one way or the other. */
  readonly done: (items: readonly KinesisItem[]) => void;
  /** Tells the on-failure queue; resolves once it has been told, and rejects when it could not be. */
  readonly discard: (discard: Discard) => Promise<void>;
  readonly onTrouble: (what: string, error: unknown) => void;
}

type Items = readonly [KinesisItem, ...KinesisItem[]];

/** A run of records that is invoked as one, and its past. */
interface Piece {
  readonly items: Items;
  readonly invokeCount: number;
  readonly retries: number;
  readonly lastOutcome: Discard['lastOutcome'];
}

/** AWS does not publish its backoff. Ours gives a passing fault seconds and a lasting one little of the CPU. */
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 30_000;

function backoffMs(retries: number): number {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** retries);
}

/** Resolves when every record is done, or early when the signal says stop. */
export async function deliver(items: Items, rules: DeliveryRules, deps: DeliveryDeps): Promise<void> {
  // The next piece is on top: a piece that is split puts back its halves, the earlier one last.
  const pieces: Piece[] = [{ items, invokeCount: 0, retries: 0, lastOutcome: 'none' }];
  for (let piece = pieces.pop(); piece !== undefined && !deps.signal.aborted; piece = pieces.pop()) {
    const young = await discardTooOld(piece, rules, deps);
    if (young !== undefined && !deps.signal.aborted) pieces.push(...(await attempt(young, rules, deps)));
  }
}

/**
 * Invokes once; answers what is left to do of the piece, the most urgent last.
 *
 * An answer that names the very first record has nothing done before it, so it is no partial success: the
 * piece is treated as failed whole and halved. Otherwise one bad record at the head of a thousand would
 * take the other 999 with it when its retries run out.
 */
async function attempt(piece: Piece, rules: DeliveryRules, deps: DeliveryDeps): Promise<Piece[]> {
  const invocation = await deps.invoke(toKinesisEvent(piece.items));
  const sent = new Set(piece.items.map(({ sequenceNumber }) => sequenceNumber));
  const answer = readBatchAnswer(invocation, rules.reportBatchItemFailures, sent);
  if (answer.kind === 'all-done') {
    deps.done(piece.items);
    return [];
  }
  const tried: Piece = {
    ...piece,
    invokeCount: piece.invokeCount + 1,
    lastOutcome: invocation.ok ? 'reported' : 'error',
  };
  const doneCount = countBeforeFirstFailure(piece.items, answer);
  if (doneCount === 0) return await afterNothingDone(tried, rules, deps);
  const { head, rest } = split(piece.items, doneCount);
  deps.done(head);
  if (rest === undefined) return [];
  // With bisecting on, the answer itself was the split, and a split is no retry.
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

/** Answers the piece without the records that have passed the maximum age; nothing when all have. */
async function discardTooOld(
  piece: Piece,
  rules: DeliveryRules,
  deps: DeliveryDeps,
): Promise<Piece | undefined> {
  if (rules.maximumRecordAgeSeconds === -1) return piece;
  const bornAfterMs = deps.clock.nowMs() - rules.maximumRecordAgeSeconds * 1000;
  const firstYoung = piece.items.findIndex(({ arrivedAtMs }) => arrivedAtMs >= bornAfterMs);
  if (firstYoung === 0) return piece;
  const { head, rest } = split(piece.items, firstYoung === -1 ? piece.items.length : firstYoung);
  await giveUp({ ...piece, items: head }, 'RecordAgeExceeded', deps);
  return rest === undefined ? undefined : { ...piece, items: rest };
}

/** Done only once the queue has the notice: a discarded record nobody was told of would be a lost one. */
async function giveUp(piece: Piece, condition: DiscardCondition, deps: DeliveryDeps): Promise<void> {
  const { items, invokeCount, lastOutcome } = piece;
  for (let tries = 0; !deps.signal.aborted; tries++) {
    try {
      await deps.discard({ items, condition, invokeCount, lastOutcome });
      deps.done(items);
      return;
    } catch (error) {
      deps.onTrouble('the on-failure queue did not take a notice', error);
      await sleep(deps.clock, backoffMs(tries), deps.signal);
    }
  }
}

function countBeforeFirstFailure(items: Items, answer: Exclude<BatchAnswer, { kind: 'all-done' }>): number {
  if (answer.kind === 'all-failed') return 0;
  return items.findIndex(({ sequenceNumber }) => answer.failedIds.has(sequenceNumber));
}

/** The first so many items, at least one, and what follows when something does. */
function split([first, ...others]: Items, count: number): { head: Items; rest: Items | undefined } {
  const [next, ...after] = others.slice(count - 1);
  return {
    head: [first, ...others.slice(0, count - 1)],
    rest: next === undefined ? undefined : [next, ...after],
  };
}
