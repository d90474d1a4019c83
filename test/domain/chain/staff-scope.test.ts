import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHAIN,
  covers,
  formatScope,
  mayRead,
  parseScope,
  type Scope,
  scopesOfGroups,
  storesWithin,
} from '#domain/chain/staff-scope.ts';
import { STORES } from '../../support/chain.ts';

const scope = (text: string): Scope => {
  const parsed = parseScope(text);
  if (parsed === undefined) throw new Error(`${text} is no scope`);
  return parsed;
};

const someScope = fc
  .constantFrom(
    'chain',
    'region:south',
    'region:west',
    'city:shenzhen',
    'city:guangzhou',
    'store:sz01',
    'store:gz01',
    'store:none',
  )
  .map(scope);

describe('a scope', () => {
  it('survives a round trip through text', () => {
    fc.assert(
      fc.property(someScope, (one) => {
        expect(parseScope(formatScope(one))).toEqual(one);
      }),
    );
  });

  it.each([
    '',
    'store',
    'stores',
    'storeX',
    'cityy',
    'regions',
    'store:',
    'store:a:b',
    'till:1',
    'Store:sz01',
    'chain:',
    'chain:x',
    'store:a b',
    'store:a#b',
    ' chain',
    `store:${'a'.repeat(65)}`,
  ])('is not %j', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  it('covers the stores within it', () => {
    const within = (text: string) => storesWithin(scope(text), STORES).map(({ storeId }) => storeId);
    expect(within('chain')).toEqual(['sz01', 'sz02', 'gz01', 'ktm1']);
    expect(within('region:south')).toEqual(['sz01', 'sz02', 'gz01']);
    expect(within('city:shenzhen')).toEqual(['sz01', 'sz02']);
    expect(within('store:gz01')).toEqual(['gz01']);
    expect(within('store:none')).toEqual([]);
  });
});

describe('a staff member', () => {
  it('may read everything with a grant for the chain, even a scope without stores', () => {
    fc.assert(
      fc.property(someScope, (wanted) => {
        expect(mayRead([CHAIN], wanted, STORES)).toBe(true);
      }),
    );
  });

  it('may read a scope where every store of it is in a grant, and never the chain with less than the chain', () => {
    fc.assert(
      fc.property(fc.array(someScope.filter((one) => one.kind !== 'chain')), someScope, (grants, wanted) => {
        const inside = STORES.filter((store) => covers(wanted, store));
        const isHeld = inside.every((store) => grants.some((grant) => covers(grant, store)));
        expect(mayRead(grants, wanted, STORES)).toBe(wanted.kind !== 'chain' && inside.length > 0 && isHeld);
      }),
    );
  });

  it('may read nothing without grants', () => {
    for (const text of ['chain', 'city:shenzhen', 'store:none'])
      expect(mayRead([], scope(text), STORES)).toBe(false);
  });
});

describe('a group of a token', () => {
  it('is a grant where it names a scope; no role and no misspelling is one', () => {
    expect(
      scopesOfGroups([
        'role:boss',
        'scope:chain',
        'scope:city:shenzhen',
        'scope:',
        'scope:stores',
        'chain',
        'xscope:chain',
      ]),
    ).toEqual([CHAIN, { kind: 'city', id: 'shenzhen' }]);
  });
});
