import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isErasureId } from '#domain/people/erasure/erasure.ts';
import {
  hasMore,
  mergeIdentifiers,
  type PartialIdentifiers,
  TRACE_KINDS,
} from '#domain/people/erasure/personal-identifiers.ts';

const traces: fc.Arbitrary<PartialIdentifiers> = fc
  .array(fc.tuple(fc.constantFrom(...TRACE_KINDS), fc.array(fc.constantFrom('a', 'b', 'c'))), {
    maxLength: 5,
  })
  .map((pairs) => Object.fromEntries(pairs));

describe('a set of identifiers', () => {
  it('is the union of its sources, in any order and with repeats', () => {
    fc.assert(
      fc.property(traces, traces, traces, (a, b, c) => {
        expect(mergeIdentifiers(a, b, c)).toEqual(mergeIdentifiers(c, mergeIdentifiers(b, a), a));
        for (const kind of TRACE_KINDS) {
          const all = [...(a[kind] ?? []), ...(b[kind] ?? []), ...(c[kind] ?? [])];
          expect(mergeIdentifiers(a, b, c)[kind]).toEqual([...new Set(all)].sort());
        }
      }),
    );
  });

  it('has more where it has an identifier that the other has not, and never more than a union with itself', () => {
    expect(hasMore(mergeIdentifiers({ phone: ['+86'] }), {})).toBe(true);
    expect(hasMore(mergeIdentifiers({ phone: ['a'] }), { member: ['a'] })).toBe(true);
    fc.assert(
      fc.property(traces, traces, (a, b) => {
        expect(hasMore(mergeIdentifiers(a), mergeIdentifiers(a, b))).toBe(false);
        expect(hasMore(mergeIdentifiers(a, b), a)).toBe(hasMore(mergeIdentifiers(b), a));
      }),
    );
  });
});

describe('the id of an erasure', () => {
  it('is never the id of a customer', () => {
    expect(isErasureId(`e.${'0'.repeat(26)}`)).toBe(true);
    expect(isErasureId(`p.${'0'.repeat(26)}`)).toBe(false);
    expect(isErasureId(`e.${'0'.repeat(25)}`)).toBe(false);
  });
});
