/**
 * The erasure of a customer: its responses, and the message of the queue that carries the work.
 *
 * A stored erasure holds no personal data, so the identifiers to search for travel in the message, which the queue deletes
 * after processing. The message holds them before the first row is deleted: after a crash they would exist nowhere else.
 */
import * as v from 'valibot';
import type { PersonId } from '#domain/chain/ids.ts';
import { isPersonId } from '#domain/people/customers/customer.ts';
import { ERASURE_STATES, isErasureId } from '#domain/people/erasure/erasure.ts';
import { TRACE_KINDS, type TraceKind } from '#domain/people/erasure/personal-identifiers.ts';
import { count, jsonSchema } from '../primitives.ts';

const erasureId = v.pipe(
  v.string(),
  v.check(isErasureId, 'must be the id of an erasure'),
  jsonSchema({ pattern: '^e\\.[0-9a-z]{26}$' }),
);

const time = v.pipe(v.string(), v.description('RFC 3339, in UTC.'));

const place = {
  place: v.pipe(v.string(), v.description('A table or service that was searched from end to end.')),
  scanned: v.pipe(count, v.description('Number of rows, users, faces or phones that were scanned.')),
  found: v.pipe(count, v.description('Number of findings of the last search.')),
  removedBefore: v.pipe(count, v.description('Number of findings of earlier searches, since removed.')),
};

const Place = v.object(place);

export const ErasureReceipt = v.pipe(
  v.object({
    searchedAt: v.pipe(v.string(), v.description('The end of the last search; RFC 3339, in UTC.')),
    places: v.pipe(v.array(Place), v.description('`found` is 0 in each; otherwise no receipt is issued.')),
    reassigned: v.pipe(
      count,
      v.description(
        'Phone or member numbers in use by another customer since the request; not searched for.',
      ),
    ),
    kept: v.pipe(
      v.array(v.object({ what: v.string(), why: v.string() })),
      v.description('Data that stays without any link to the customer, and the reason.'),
    ),
    notSearched: v.pipe(
      v.array(v.object({ what: v.string(), why: v.string(), goneAfterDays: v.nullable(count) })),
      v.description(
        'Places that cannot be searched, and their retention in days; null if they hold nothing.',
      ),
    ),
    afterwards: v.pipe(
      v.string(),
      v.description('The effect of a later purchase or visit of the same person.'),
    ),
  }),
  v.metadata({
    title: 'ErasureReceipt',
    description: 'The proof of an erasure: a full search without findings.',
  }),
);
export type ErasureReceipt = v.InferOutput<typeof ErasureReceipt>;

export const ErasureResponse = v.pipe(
  v.object({
    erasure: v.pipe(erasureId, v.description('The id of the erasure.')),
    state: v.pipe(
      v.picklist(ERASURE_STATES),
      v.description(
        'requested: nothing is deleted yet. erasing: under way. incomplete: the search found rows after deletion; it is retried. done: the receipt is available.',
      ),
    ),
    requestedAt: time,
    completedAt: v.pipe(v.nullable(v.string()), v.description('RFC 3339, in UTC; null until done.')),
    remaining: v.pipe(
      v.array(v.object({ ...place, kinds: v.array(v.string()) })),
      v.description('While incomplete: the places with findings, and the kinds of their rows.'),
    ),
    receipt: v.pipe(v.nullable(ErasureReceipt), v.description('Null until done.')),
  }),
  v.metadata({
    title: 'ErasureResponse',
    description: 'The state of an erasure. It holds no personal data.',
  }),
);
export type ErasureResponse = v.InferOutput<typeof ErasureResponse>;

/** The progress of the search of one place. */
const SearchProgress = v.object({
  place: v.string(),
  /** Number of finished parts. */
  parts: count,
  scanned: count,
  /** Findings that could not be removed. */
  left: count,
  /** Findings that were removed; the place is then scanned again. */
  removed: count,
  sweeps: count,
  removedBefore: count,
  kinds: v.array(v.string()),
});
export type SearchProgress = v.InferOutput<typeof SearchProgress>;

const texts = v.pipe(v.array(v.string()), v.readonly());

const KnownTraces = v.strictObject(
  Object.fromEntries(TRACE_KINDS.map((kind) => [kind, texts])) as Record<TraceKind, typeof texts>,
);

export const ErasureWork = v.strictObject({
  erasure: erasureId,
  person: v.pipe(
    v.string(),
    v.check(isPersonId, 'must be the id of a person'),
    v.transform((id) => id as PersonId),
  ),
  /** The number of messages that carried this work before. */
  round: count,
  /** The identifiers of the customer; absent before they are collected. */
  known: v.exactOptional(KnownTraces),
  /** The time from which no new data can arrive under these identifiers. */
  closedAtMs: v.exactOptional(count),
  /** The progress of the search, if one invocation was too short for it. */
  searched: v.exactOptional(v.array(SearchProgress)),
});
export type ErasureWork = v.InferOutput<typeof ErasureWork>;
