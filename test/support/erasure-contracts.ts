/** Arbitraries of erasure messages and responses. */
import fc from 'fast-check';
import type { ErasureResponse, ErasureWork } from '#contracts/http/erasures.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { ERASURE_STATES } from '#domain/people/erasure/erasure.ts';
import { mergeIdentifiers, TRACE_KINDS } from '#domain/people/erasure/personal-identifiers.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const person = bytes.map(personIdOf);
const erasure = person.map((id) => id.replace(/^p/, 'e'));
const count = fc.nat();
const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 });

const traces = fc
  .array(fc.tuple(fc.constantFrom(...TRACE_KINDS), texts), { maxLength: 4 })
  .map((pairs) => mergeIdentifiers(Object.fromEntries(pairs)));

const progress = fc.record({
  place: fc.string(),
  parts: count,
  scanned: count,
  left: count,
  removed: count,
  sweeps: count,
  removedBefore: count,
  kinds: texts,
});

const work: fc.Arbitrary<ErasureWork> = fc.record(
  {
    erasure,
    person,
    round: count,
    known: traces,
    closedAtMs: count,
    searched: fc.array(progress, { maxLength: 3 }),
  },
  { requiredKeys: ['erasure', 'person', 'round'] },
);

const place = fc.record({ place: fc.string(), scanned: count, found: count, removedBefore: count });
const time = fc.constant('2026-11-22T02:03:12.000Z');
const receipt = fc.record({
  searchedAt: time,
  places: fc.array(place, { maxLength: 3 }),
  reassigned: count,
  kept: fc.array(fc.record({ what: fc.string(), why: fc.string() }), { maxLength: 2 }),
  notSearched: fc.array(fc.record({ what: fc.string(), why: fc.string(), goneAfterDays: fc.option(count) }), {
    maxLength: 2,
  }),
  afterwards: fc.string(),
});

const answer: fc.Arbitrary<ErasureResponse> = fc.record({
  erasure,
  state: fc.constantFrom(...ERASURE_STATES),
  requestedAt: time,
  completedAt: fc.option(time),
  remaining: fc.array(
    fc.tuple(place, texts).map(([one, kinds]) => ({ ...one, kinds })),
    { maxLength: 2 },
  ),
  receipt: fc.option(receipt),
});

export const anyErasure = { work, answer };
