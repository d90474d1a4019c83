/**
 * Forgetting a person: what is answered of it, and the message that the work itself is.
 *
 * What is kept of an erasure names nobody, so everything that it has to search for travels in the message, which the queue
 * deletes once it has been done. Nothing is deleted before the message knows of it: after a crash it would be the only thing
 * left that says what to search for.
 */
import * as v from 'valibot';
import type { PersonId } from '#domain/chain/ids.ts';
import { isPersonId } from '#domain/people/customers/customer.ts';
import { ERASURE_STATES, isErasureId } from '#domain/people/erasure/erasure.ts';
import { TRACE_KINDS, type TraceKind } from '#domain/people/erasure/personal-identifiers.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const erasureId = v.pipe(v.string(), v.check(isErasureId, 'must be the id of an erasure'));

/** RFC 3339. */
const time = v.string();

const place = {
  place: v.pipe(v.string(), v.description('What was searched, end to end.')),
  lookedAt: v.pipe(count, v.description('Rows, users, faces or phones that were looked at.')),
  found: v.pipe(count, v.description('What the last search found of the person.')),
  sweptUp: v.pipe(count, v.description('What earlier searches found and then removed.')),
};

const Place = v.object(place);

export const ErasureReceipt = v.pipe(
  v.object({
    searchedAt: time,
    places: v.pipe(v.array(Place), v.description('Found is 0 in each, or there would be no receipt.')),
    usedAnew: v.pipe(
      count,
      v.description(
        'Numbers of theirs that somebody uses again since they asked; these were not searched for.',
      ),
    ),
    kept: v.pipe(
      v.array(v.object({ what: v.string(), why: v.string() })),
      v.description('What was not deleted, and says of nobody any more.'),
    ),
    notSearched: v.pipe(
      v.array(v.object({ what: v.string(), why: v.string(), goneAfterDays: v.nullable(count) })),
      v.description(
        'What cannot be searched, and after how many days it is gone; null where it holds nothing.',
      ),
    ),
    afterwards: v.pipe(v.string(), v.description('What happens where the same person comes again.')),
  }),
  v.metadata({ title: 'ErasureReceipt' }),
);
export type ErasureReceipt = v.InferOutput<typeof ErasureReceipt>;

export const ErasureResponse = v.pipe(
  v.object({
    erasure: erasureId,
    state: v.pipe(
      v.picklist(ERASURE_STATES),
      v.description(
        'asked: nothing is deleted yet. erasing: under way. incomplete: something was found after everything was deleted; it is tried again. done: there is a receipt.',
      ),
    ),
    askedAt: time,
    doneAt: v.nullable(time),
    /** Only while it is incomplete. */
    leftIn: v.pipe(
      v.array(v.object({ ...place, kinds: v.array(v.string()) })),
      v.description('While incomplete: where something was found, and in rows of which kind.'),
    ),
    receipt: v.nullable(ErasureReceipt),
  }),
  v.metadata({ title: 'ErasureResponse', description: 'It names nobody.' }),
);
export type ErasureResponse = v.InferOutput<typeof ErasureResponse>;

/** How far one place has been searched. */
const SearchProgress = v.object({
  place: v.string(),
  /** Parts of it that are done, from the first. */
  parts: count,
  lookedAt: count,
  /** What was found and could not be removed. */
  left: count,
  /** What was found and removed, for which everything there is looked at once more. */
  removed: count,
  sweeps: count,
  sweptUp: count,
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
  /** How often the work has been handed on. */
  round: count,
  /** All that is known of them; absent before anybody has looked. */
  known: v.exactOptional(KnownTraces),
  /** Since when nothing new can come in by what is known. */
  closedAtMs: v.exactOptional(count),
  /** How far everything has been searched, where there was not time enough for all of it. */
  searched: v.exactOptional(v.array(SearchProgress)),
});
export type ErasureWork = v.InferOutput<typeof ErasureWork>;
