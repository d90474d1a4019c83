import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Listing, readPage } from '#local/servers/wire/paging.ts';

function listingOf(keys: readonly string[], name = 'users'): Listing<string> {
  return {
    name,
    rowsPerPage: 3,
    read: (after, countMax) => keys.filter((key) => after === undefined || key > after).slice(0, countMax),
    keyOf: (key) => key,
    invalidToken: () => new Error('invalid token'),
  };
}

describe('a listing read page by page', () => {
  it('returns every row once and in order, with no token on the last page', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(keys, fc.option(fc.nat({ max: 5 }), { nil: undefined }), (unsorted, MaxResults) => {
        const listing = listingOf([...unsorted].sort());
        const rows: string[] = [];
        let NextToken: string | undefined;
        do {
          const page = readPage({ MaxResults, NextToken }, listing);
          expect(page.rows.length).toBeLessThanOrEqual(MaxResults || 3);
          rows.push(...page.rows);
          NextToken = page.nextToken;
        } while (NextToken !== undefined);
        expect(rows).toEqual([...unsorted].sort());
      }),
    );
  });

  it('rejects a token of another listing and one that it never issued', () => {
    const keys = ['a', 'b', 'c'];
    const { nextToken } = readPage({ MaxResults: 1, NextToken: undefined }, listingOf(keys, 'faces'));
    for (const NextToken of [nextToken, 'bm90IG9uZQ', '', '%']) {
      expect(() => readPage({ MaxResults: 1, NextToken }, listingOf(keys))).toThrow('invalid token');
    }
  });
});
