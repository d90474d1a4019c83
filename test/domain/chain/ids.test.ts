import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForeignId, isPlaceId } from '#domain/chain/ids.ts';

describe('an id of a foreign system', () => {
  it.each(['1', 'T/3', 'SKU 10', '苹果', 'a:b', '6901234567892', '~', 'é', '𠮷'.repeat(64)])(
    'may be %j',
    (id) => {
      expect(isForeignId(id)).toBe(true);
    },
  );

  it.each(['', ' a', 'a ', 'a#b', 'a\u0000', 'a\nb', '\ud800', 'a\ufffd', 'a\u2028b', 'a'.repeat(65)])(
    'may not be %j',
    (id) => {
      expect(isForeignId(id)).toBe(false);
    },
  );

  it('survives UTF-8 and a table key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (id) => {
        if (!isForeignId(id)) return;
        expect(Buffer.from(id, 'utf8').toString('utf8')).toBe(id);
        expect(`a#${id}#b`.split('#')).toEqual(['a', id, 'b']);
        expect(Buffer.byteLength(id)).toBeLessThanOrEqual(256);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an id of a place', () => {
  it('is plain enough for a URL, a scope and a group of a token', () => {
    for (const id of ['sz01', 'A.b-c_d', '0']) expect(isPlaceId(id)).toBe(true);
    for (const id of ['', '-a', 'a b', 'a:b', 'a/b', 'a,b', '深圳', 'a\n', 'a'.repeat(65)])
      expect(isPlaceId(id)).toBe(false);
  });
});
