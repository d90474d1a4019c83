import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '#application/support/defined.ts';

describe('defined properties', () => {
  it('drop undefined and keep every other value, null and false included', () => {
    expect(Object.keys(defined({ a: undefined, b: null, c: false, d: 0, e: '' }))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('equal what JSON keeps of the object', () => {
    const value = fc.option(fc.oneof(fc.integer(), fc.string(), fc.constant(null)), { nil: undefined });
    // A key named __proto__ would set the prototype instead of a property.
    const objects = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      value,
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(objects, (properties) => {
        expect(defined(properties)).toEqual(JSON.parse(JSON.stringify(properties)));
      }),
    );
  });
});
