import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasMore,
  isErasureId,
  mergeIdentifiers,
  type SomeIdentifiers,
  TRACE_KINDS,
} from '#domain/people/erasure/erasure.ts';

const traces: fc.Arbitrary<SomeIdentifiers> = fc
  .array(fc.tuple(fc.constantFrom(...TRACE_KINDS), fc.array(fc.constantFrom('a', 'b', 'c'))), {
    maxLength: 5,
  })
  .map((pairs) => Object.fromEntries(pairs));

describe('what is known of a person', () => {
  it('is what any source says, in whatever order and however often they are asked', () => {
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

  it('is more where one source says what the other does not, and never more than what it was joined to', () => {
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
  it('is none of a person', () => {
    expect(isErasureId(`e.${'0'.repeat(26)}`)).toBe(true);
    expect(isErasureId(`p.${'0'.repeat(26)}`)).toBe(false);
    expect(isErasureId(`e.${'0'.repeat(25)}`)).toBe(false);
  });
});
