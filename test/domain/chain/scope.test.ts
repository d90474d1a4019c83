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
} from '#domain/chain/scope.ts';
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
  it('is read as it is written', () => {
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

  it('holds the stores of its place', () => {
    const within = (text: string) => storesWithin(scope(text), STORES).map(({ storeId }) => storeId);
    expect(within('chain')).toEqual(['sz01', 'sz02', 'gz01', 'ktm1']);
    expect(within('region:south')).toEqual(['sz01', 'sz02', 'gz01']);
    expect(within('city:shenzhen')).toEqual(['sz01', 'sz02']);
    expect(within('store:gz01')).toEqual(['gz01']);
    expect(within('store:none')).toEqual([]);
  });
});

describe('a reader', () => {
  it('with the chain may read everything, even a scope with no store', () => {
    fc.assert(
      fc.property(someScope, (wanted) => {
        expect(mayRead([CHAIN], wanted, STORES)).toBe(true);
      }),
    );
  });

  it('with less may read a scope just where every store of it is in a grant, and never the chain', () => {
    fc.assert(
      fc.property(fc.array(someScope.filter((one) => one.kind !== 'chain')), someScope, (grants, wanted) => {
        const inside = STORES.filter((store) => covers(wanted, store));
        const isHeld = inside.every((store) => grants.some((grant) => covers(grant, store)));
        expect(mayRead(grants, wanted, STORES)).toBe(wanted.kind !== 'chain' && inside.length > 0 && isHeld);
      }),
    );
  });

  it('with nothing may read nothing', () => {
    for (const text of ['chain', 'city:shenzhen', 'store:none'])
      expect(mayRead([], scope(text), STORES)).toBe(false);
  });
});

describe('the grants among groups', () => {
  it('are those that name a scope, and no role and no misspelling becomes one', () => {
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
