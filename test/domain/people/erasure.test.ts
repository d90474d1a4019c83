import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isErasureId, isMore, known, TRACE_KINDS, type Traces } from '#domain/people/erasure.ts';

const traces: fc.Arbitrary<Traces> = fc
  .array(fc.tuple(fc.constantFrom(...TRACE_KINDS), fc.array(fc.constantFrom('a', 'b', 'c'))), {
    maxLength: 5,
  })
  .map((pairs) => Object.fromEntries(pairs));

describe('what is known of a person', () => {
  it('is what any source says, in whatever order and however often they are asked', () => {
    fc.assert(
      fc.property(traces, traces, traces, (a, b, c) => {
        expect(known(a, b, c)).toEqual(known(c, known(b, a), a));
        for (const kind of TRACE_KINDS) {
          const all = [...(a[kind] ?? []), ...(b[kind] ?? []), ...(c[kind] ?? [])];
          expect(known(a, b, c)[kind]).toEqual([...new Set(all)].sort());
        }
      }),
    );
  });

  it('is more where one source says what the other does not, and never more than what it was joined to', () => {
    expect(isMore(known({ phone: ['+86'] }), {})).toBe(true);
    expect(isMore(known({ phone: ['a'] }), { member: ['a'] })).toBe(true);
    fc.assert(
      fc.property(traces, traces, (a, b) => {
        expect(isMore(known(a), known(a, b))).toBe(false);
        expect(isMore(known(a, b), a)).toBe(isMore(known(b), a));
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
