/**
 * Shared by the ingestion endpoints of tills and sensors: a request holds many entries, each gets its own result, and only
 * entries that the log has stored are "accepted". A sender without a response may safely send the same request again.
 */

import type { WireEvent } from '#contracts/events/parse-event.ts';
import { FIELD_ERRORS_MAX, type Problem, problem } from '#contracts/http/problems.ts';
import type { EventLog } from '../ports/event-log.ts';
import { append, type RetryClock } from './append.ts';

export interface AppendPorts {
  readonly log: EventLog;
  readonly pauses: RetryClock;
}

/**
 * A fact is one row, a row holds 400 kB, and an event is stored as text: a larger one would be accepted and could never be
 * counted. A receipt of a thousand lines of the usual length is a third of this.
 */
export const EVENT_BYTES_MAX = 350_000;

/** Over all entries of a request: a Lambda response holds 6 MB, and 500 entries of 100 errors each exceed that. */
const ERRORS_PER_REQUEST_MAX = 2_500;

/** Returns how many errors of each entry are reported in a request of so many entries. */
export const errorsPerItemMax = (entries: number): number =>
  Math.min(FIELD_ERRORS_MAX, Math.floor(ERRORS_PER_REQUEST_MAX / entries));

/** Kinesis limits a shard's writes per second, so a throttled shard has room again after one. */
export const RETRY_AFTER_SECONDS = 1;

/** An entry as events ready to append, with its response once they are appended; or the problem with it. */
export type PreparedEntry<Accepted extends object> =
  | { readonly accepted: Accepted; readonly events: readonly Uint8Array[] }
  | { readonly problem: Problem };

export type EntryResult<Accepted extends object> =
  | ({ readonly status: 'accepted'; readonly index: number } & Accepted)
  | { readonly status: 'refused' | 'not-accepted'; readonly index: number; readonly problem: Problem };

/** Returns an event in the bytes of the log; undefined if it is too large for a row. */
export function eventBytes(event: WireEvent): Uint8Array | undefined {
  const bytes = Buffer.from(JSON.stringify(event));
  return bytes.byteLength > EVENT_BYTES_MAX ? undefined : bytes;
}

/** Appends the events of all valid entries; returns for each entry, in order, whether all of its events are stored. */
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

/** Returns the result of each entry for the response. */
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

/** Returns the events of each entry; none for a rejected one. */
export const eventsOf = (
  settled: ReadonlyArray<PreparedEntry<object>>,
): ReadonlyArray<readonly Uint8Array[]> => settled.map((one) => ('problem' in one ? [] : one.events));

export interface EntryCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly notAccepted: number;
}

/** 202: all stored; 207: some; 400 or 403: none, by the sender's fault; 429: the log rejected some. */
export type BatchStatus = 202 | 207 | 400 | 403 | 429;

type AnyAnswer =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused' | 'not-accepted'; readonly problem: Problem };

/** Returns the number of entries per outcome, and the HTTP status of the whole request. */
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
