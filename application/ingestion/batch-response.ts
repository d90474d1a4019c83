/**
 * What the doors for tills and for sensors have in common: a request holds many entries, each is answered on its
 * own, and "accepted" is said only of what the log holds. Whoever got no answer sends the same again without harm.
 */

import type { WireEvent } from '#contracts/events/events.ts';
import { FIELD_ERRORS_MAX, type Problem, problem } from '#contracts/http/problems.ts';
import type { EventLog } from '../ports/event-log.ts';
import { append, type RetryClock } from './append.ts';

export interface AppendPorts {
  readonly log: EventLog;
  readonly pauses: RetryClock;
}

/**
 * A fact is one row, a row holds 400 kB, and an event is kept as text: one beyond this would be accepted and then
 * counted by nobody. A receipt of a thousand lines of the usual length is a third of it.
 */
export const EVENT_BYTES_MAX = 350_000;

/** Over all entries of a request: a function's answer may have 6 MB, and 500 entries of 100 faults each have more. */
const FAULTS_TOLD_MAX = 2_500;

/** How many faults of each entry are told, where there are so many entries. */
export const errorsPerItemMax = (entries: number): number =>
  Math.min(FIELD_ERRORS_MAX, Math.floor(FAULTS_TOLD_MAX / entries));

/** A crowded shard frees itself within a second. */
export const RETRY_AFTER_SECONDS = 1;

/** An entry as the log is to hold it, with what is answered then; or what is wrong with it. */
export type PreparedEntry<Accepted extends object> =
  | { readonly accepted: Accepted; readonly events: readonly Uint8Array[] }
  | { readonly problem: Problem };

export type EntryResult<Accepted extends object> =
  | ({ readonly status: 'accepted'; readonly index: number } & Accepted)
  | { readonly status: 'refused' | 'not-accepted'; readonly index: number; readonly problem: Problem };

/** An event as the log holds it; undefined where no row could hold it. */
export function eventBytes(event: WireEvent): Uint8Array | undefined {
  const bytes = Buffer.from(JSON.stringify(event));
  return bytes.byteLength > EVENT_BYTES_MAX ? undefined : bytes;
}

/** Puts the events of all sound entries on the log; whether each entry is there whole, in their order. */
export async function appendAll(
  { log, pauses }: AppendPorts,
  key: string,
  entries: ReadonlyArray<readonly Uint8Array[]>,
): Promise<boolean[]> {
  const outcomes = await append(
    log,
    entries.flat().map((bytes) => ({ key, bytes })),
    pauses,
  );
  let place = 0;
  return entries.map((events) => {
    const own = outcomes.slice(place, place + events.length);
    place += events.length;
    return own.every(({ kind }) => kind === 'durable');
  });
}

/** What is answered to each entry. */
export const toItemResults = <Accepted extends object>(
  settled: ReadonlyArray<PreparedEntry<Accepted>>,
  isDurable: readonly boolean[],
): EntryResult<Accepted>[] =>
  settled.map((one, index) => {
    if ('problem' in one) return { status: 'refused', index, problem: one.problem };
    if (isDurable[index]) return { status: 'accepted', index, ...one.accepted };
    return {
      status: 'not-accepted',
      index,
      problem: problem(429, 'stream-throttled', 'The event stream is throttled; send it again later.'),
    };
  });

/** The events of each entry; none of one that is refused. */
export const eventsOf = (
  settled: ReadonlyArray<PreparedEntry<object>>,
): ReadonlyArray<readonly Uint8Array[]> => settled.map((one) => ('problem' in one ? [] : one.events));

export interface EntryCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly notAccepted: number;
}

/** 202 all durable; 207 some; 400 or 403 none, through the sender's doing; 429 where the log did not take all. */
export type BatchStatus = 202 | 207 | 400 | 403 | 429;

type AnyAnswer =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused' | 'not-accepted'; readonly problem: Problem };

/** How many entries fared how, and how the whole request is answered. */
export function summarise(answers: readonly AnyAnswer[]): { status: BatchStatus; counts: EntryCounts } {
  const count = (status: AnyAnswer['status']): number =>
    answers.filter((one) => one.status === status).length;
  const counts = {
    accepted: count('accepted'),
    refused: count('refused'),
    notAccepted: count('not-accepted'),
  };
  return { status: statusOf(counts, answers), counts };
}

function statusOf({ accepted, notAccepted }: EntryCounts, answers: readonly AnyAnswer[]): BatchStatus {
  if (notAccepted > 0) return 429;
  if (accepted === answers.length) return 202;
  if (accepted > 0) return 207;
  const isForeign = answers.every((one) => one.status === 'refused' && one.problem.status === 403);
  return isForeign ? 403 : 400;
}
