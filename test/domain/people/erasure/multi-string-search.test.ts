import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher } from '#domain/people/erasure/multi-string-search.ts';

/** Every match of every needle, by brute force. */
function expected(needles: readonly string[], text: string): string[] {
  const places: string[] = [];
  needles.forEach((needle, index) => {
    for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + 1))
      places.push(`${index} ${from} ${from + needle.length}`);
  });
  return places.sort();
}

function found(needles: readonly string[], text: string): string[] {
  const places: string[] = [];
  createMatcher(needles)(text, (index, from, to) => places.push(`${index} ${from} ${to}`));
  return places.sort();
}

const few = fc.constantFrom('a', 'b', 'ab', '1', '-', '店', '\u{1f600}');
const texts = (max: number) => fc.array(few, { maxLength: max }).map((parts) => parts.join(''));

describe('a matcher', () => {
  it('finds every match, overlapping, nested and repeated needles included', () => {
    expect(found(['he', 'she', 'his', 'hers', 'he'], 'ushers')).toEqual(
      ['0 2 4', '1 1 4', '3 2 6', '4 2 4'].sort(),
    );
    expect(found(['aa'], 'aaaa')).toEqual(['0 0 2', '0 1 3', '0 2 4']);
    expect(found([], 'anything')).toEqual([]);
    expect(found(['x'], '')).toEqual([]);
  });

  it('finds what separate searches find', () => {
    fc.assert(
      fc.property(
        fc.array(
          texts(4).filter((one) => one !== ''),
          { maxLength: 8 },
        ),
        texts(40),
        (needles, text) => {
          expect(found(needles, text)).toEqual(expected(needles, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('searches thousands of tokens in one pass', () => {
    const tokens = Array.from({ length: 3_000 }, (_, at) => `${at}`.padStart(22, 'aZ3_'));
    const text = `${'{"quantity":1},'.repeat(20_000)}${tokens[1_234]}`;
    expect(found(tokens, text)).toEqual([`1234 300000 ${300_000 + 22}`]);
  });

  it('rejects an empty needle', () => {
    expect(() => createMatcher(['a', ''])).toThrow('must not be empty');
  });
});
