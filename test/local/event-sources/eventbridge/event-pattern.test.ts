import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '#local/event-sources/eventbridge/event-pattern.ts';

const fits = (pattern: unknown, event: unknown) => compilePattern(pattern)(event);
/** Whether a list of a pattern fits a value of the event. */
const listFits = (list: readonly unknown[], ...value: unknown[]) =>
  fits({ field: list }, value.length === 0 ? {} : { field: value[0] });

/** As Amazon Location writes it. */
const ENTER = {
  version: '0',
  id: 'aa11bb22-3333-4444-5555-example66666',
  'detail-type': 'Location Geofence Event',
  source: 'aws.geo',
  account: '000000000000',
  time: '2026-11-22T10:03:12Z',
  region: 'us-east-1',
  resources: [
    'arn:aws:geo:us-east-1:000000000000:geofence-collection/stores',
    'arn:aws:geo:us-east-1:000000000000:tracker/phones',
  ],
  detail: {
    EventType: 'ENTER',
    GeofenceId: 'sz01',
    DeviceId: 'd-1',
    SampleTime: '2026-11-22T10:03:11.500Z',
    Position: [113.94, 22.52],
    Accuracy: { Horizontal: 12.5 },
    PositionProperties: {},
  },
};

describe('a pattern', () => {
  it('fits the event that a phone comes near a store', () => {
    const pattern = {
      source: ['aws.geo'],
      'detail-type': ['Location Geofence Event'],
      detail: { EventType: ['ENTER'] },
    };
    expect(fits(pattern, ENTER)).toBe(true);
    expect(fits({ ...pattern, detail: { EventType: ['EXIT'] } }, ENTER)).toBe(false);
    expect(fits(pattern, { ...ENTER, source: 'aws.s3' })).toBe(false);
  });

  it('fits one of several values on either side', () => {
    expect(fits({ resources: [{ suffix: 'tracker/phones' }] }, ENTER)).toBe(true);
    expect(fits({ resources: ['arn:elsewhere', { suffix: 'tracker/cars' }] }, ENTER)).toBe(false);
    expect(fits({ detail: { Position: [{ numeric: ['>', 100] }] } }, ENTER)).toBe(true);
  });

  it('fits only where all its fields do', () => {
    expect(fits({ source: ['aws.geo'], region: ['eu-west-1'] }, ENTER)).toBe(false);
    expect(fits({ source: ['aws.geo'], region: ['us-east-1'] }, ENTER)).toBe(true);
  });

  it('fits fields of one object of a list, and not of two', () => {
    const pattern = { lines: { product: ['A'], quantity: [2] } };
    const line = (product: string, quantity: number) => ({ product, quantity });
    expect(fits(pattern, { lines: [line('B', 1), line('A', 2)] })).toBe(true);
    expect(fits(pattern, { lines: [line('A', 1), line('B', 2)] })).toBe(false);
  });

  it('takes what is absent for absent, however deep, and only what ends a path for present', () => {
    const none = { a: { b: { c: [{ exists: false }] } } };
    for (const event of [{}, { a: 1 }, { a: { b: null } }, { a: { b: { c: {} } } }, { a: { b: { c: [] } } }])
      expect(fits(none, event)).toBe(true);
    expect(fits(none, { a: { b: { c: null } } })).toBe(false);
    // One of the list has it, so it is not absent.
    expect(fits(none, { a: { b: [{ c: 1 }, { d: 1 }] } })).toBe(false);
    expect(listFits([{ exists: true }], null)).toBe(true);
    expect(listFits([{ exists: true }], { inside: 1 })).toBe(false);
    expect(listFits([{ exists: true }])).toBe(false);
    expect(listFits(['x', { exists: false }])).toBe(true);
  });

  it('combines alternatives with everything beside them', () => {
    const pattern = {
      source: ['shop'],
      $or: [{ kind: ['a'] }, { size: [{ numeric: ['>', 5] }], $or: [{ x: [1] }, { y: [1] }] }],
    };
    expect(fits(pattern, { source: 'shop', kind: 'a' })).toBe(true);
    expect(fits(pattern, { source: 'shop', size: 6, y: 1 })).toBe(true);
    expect(fits(pattern, { source: 'shop', size: 6 })).toBe(false);
    expect(fits(pattern, { source: 'other', kind: 'a' })).toBe(false);
  });

  it.each<[unknown[], unknown[], unknown[]]>([
    [
      ['a', 1, true, null],
      ['a', 1, true, null],
      ['A', 2, false, '1', 'null', 'true'],
    ],
    [[{ prefix: 'ab' }], ['ab', 'abc'], ['a', 'cab', 'ABC', 1]],
    [[{ prefix: { 'equals-ignore-case': 'aB' } }], ['ABc', 'abX'], ['ba']],
    [[{ suffix: '.png' }], ['a.png', '.png'], ['a.PNG', 'png']],
    [[{ suffix: { 'equals-ignore-case': '.Png' } }], ['a.PNG'], ['a.pn']],
    [[{ 'equals-ignore-case': 'Alice' }], ['ALICE', 'alice'], ['alic', 1]],
    [[{ wildcard: 'dir/*/x.*' }], ['dir/a/b/x.y', 'dir//x.'], ['dir/x.y', 'adir/a/x.y']],
    [[{ wildcard: 'a*a' }], ['aa', 'aba'], ['a']],
    [[{ wildcard: String.raw`a\*b\\*` }], ['a*b\\', 'a*b\\c'], ['axb\\', 'a*b']],
    [[{ 'anything-but': 'x' }], ['y', 1, null, ''], ['x']],
    [[{ 'anything-but': ['x', 'y'] }], ['z', 5], ['x', 'y']],
    [[{ 'anything-but': [100, 200] }], [300, '100'], [100, 200]],
    [[{ 'anything-but': { prefix: 'init' } }], ['run', 3], ['initial']],
    [[{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['ax', 'bx']],
    [[{ 'anything-but': { suffix: '.png' } }], ['a.jpg'], ['a.png']],
    [[{ 'anything-but': { 'equals-ignore-case': ['On', 'Off'] } }], ['half'], ['ON', 'off']],
    [[{ 'anything-but': { wildcard: '*/lib/*' } }], ['/src/a'], ['/lib/a']],
    [[{ numeric: ['=', 5] }], [5, 5.0], [6, '5']],
    [[{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1, null]],
    [[{ numeric: ['<', -1] }], [-2], [-1]],
    [[{ cidr: '10.0.0.0/24' }], ['10.0.0.255'], ['10.0.1.0', 'ten', '::1']],
    [[{ cidr: '2001:db8::/32' }], ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
  ])('%j fits %j and not %j', (list, yes, no) => {
    for (const value of yes) expect({ value, fits: listFits(list, value) }).toEqual({ value, fits: true });
    for (const value of no) expect({ value, fits: listFits(list, value) }).toEqual({ value, fits: false });
  });

  it.each<[unknown, string]>([
    [{ detail: { state: [{ between: [1, 2] }] } }, 'detail.state: there is no operator between'],
    [{ a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, 'a: there is no operator cidr in anything-but'],
    [{ a: [{ prefix: { wildcard: 'x*' } }] }, 'a: there is no operator wildcard in here'],
    [{ a: [{ toString: 'x' }] }, 'a: there is no operator toString'],
    [{ a: 'x' }, 'a: a list or an object was expected'],
    [{ a: [] }, 'a: an empty list'],
    [{ a: {} }, 'a: an empty object'],
    [{}, 'the pattern: an empty object'],
    [[], 'an event pattern is an object'],
    [{ a: [['x']] }, 'a: ["x"] is neither'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'is neither a value nor one operator'],
    [{ a: [{ prefix: 1 }] }, 'is neither'],
    [{ a: [{ exists: 'yes' }] }, 'a: exists is true or false'],
    [{ a: [{ numeric: ['between', 1] }] }, 'a: there is no numeric comparison between'],
    [{ a: [{ numeric: ['>', '1'] }] }, 'is no number'],
    [{ a: [{ numeric: ['>', 6e9] }] }, 'is no number from -5e9 to 5e9'],
    [{ a: [{ numeric: ['>', 5, '<', 1] }] }, 'is no numeric range'],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'is no numeric range'],
    [{ a: [{ 'anything-but': ['a', 1] }] }, 'strings or numbers'],
    [{ a: [{ 'anything-but': [] }] }, 'an empty list'],
    [{ a: [{ 'anything-but': true }] }, 'strings or numbers'],
    [{ a: [{ wildcard: 'a**b' }] }, 'no two stars'],
    [{ a: [{ wildcard: String.raw`a\b` }] }, 'no escape'],
    [{ a: [{ wildcard: 'a\\' }] }, 'in the middle of an escape'],
    [{ a: [{ cidr: '10.0.0.0' }] }, 'no range of addresses'],
    [{ a: [{ cidr: '10.0.0.0/33' }] }, 'no range of addresses'],
    [{ $or: [{ a: [1] }] }, '$or: a list of at least two patterns'],
    [{ $or: [{ a: [1] }, { b: [{ near: 1 }] }] }, '$or[1].b: there is no operator near'],
  ])('%j is refused by name', (pattern, why) => {
    expect(() => compilePattern(pattern)).toThrow(why);
  });
});

const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'aB', 'abc', '*', 'a*', '\\', null, true, false),
  fc.integer({ min: -3, max: 3 }),
  fc.string({ maxLength: 4 }),
);
const events = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('value'), { maxKeys: 3 }),
})).object;

/** The pattern that says of an event everything there is to say. */
function patternOf(event: Record<string, unknown>): Record<string, unknown> | undefined {
  const entries = Object.entries(event).flatMap(([name, value]): [string, unknown][] => {
    const values = [value].flat(Number.POSITIVE_INFINITY) as unknown[];
    const object = values.find((one) => typeof one === 'object' && one !== null);
    const inside = object === undefined ? undefined : patternOf(object as Record<string, unknown>);
    if (inside !== undefined) return [[name, inside]];
    const scalars = values.filter((one) => typeof one !== 'object' || one === null);
    return scalars.length === 0 ? [] : [[name, scalars]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

describe('any pattern', () => {
  it('fits the event it was made of', () => {
    fc.assert(
      fc.property(events, (event) => {
        const pattern = patternOf(event);
        fc.pre(pattern !== undefined);
        expect(fits(pattern, event)).toBe(true);
      }),
    );
  });

  it('fits a list exactly where it fits one of its values', () => {
    const lists = fc.constantFrom<unknown[]>(
      ['a', 1],
      [{ prefix: 'a' }],
      [{ 'anything-but': ['a', 'b'] }],
      [{ numeric: ['>=', 0] }],
      [{ exists: true }],
      [{ wildcard: '*b*' }],
    );
    fc.assert(
      fc.property(lists, fc.array(scalar, { maxLength: 5 }), (list, values) => {
        expect(listFits(list, values)).toBe(values.some((value) => listFits(list, value)));
      }),
    );
  });

  it('is, turned round, right about every value that it was wrong about', () => {
    const operands = fc.oneof(
      fc.string().map((operand) => ({ prefix: operand })),
      fc.string().map((operand) => ({ suffix: operand })),
      fc.string().map((operand) => ({ 'equals-ignore-case': operand })),
    );
    fc.assert(
      fc.property(operands, scalar, (operand, value) => {
        expect(listFits([{ 'anything-but': operand }], value)).toBe(!listFits([operand], value));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 }), { minLength: 1 }), scalar, (list, value) => {
        expect(listFits([{ 'anything-but': list }], value)).toBe(!listFits(list, value));
      }),
    );
  });

  it('is one of two alternatives where either of them fits, and both of two fields where both do', () => {
    const lists = fc.array(scalar, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(lists, lists, events, (x, y, event) => {
        const [first, second] = [fits({ x }, event), fits({ y }, event)];
        expect(fits({ $or: [{ x }, { y }] }, event)).toBe(first || second);
        expect(fits({ x, y }, event)).toBe(first && second);
      }),
    );
  });

  it('reads wildcards as a naive reader does', () => {
    // The oracle: try every split of the text at each star.
    const naive = (pattern: string, value: string): boolean => {
      if (pattern === '') return value === '';
      if (pattern.startsWith('*')) {
        return Array.from({ length: value.length + 1 }, (_, at) => value.slice(at)).some((rest) =>
          naive(pattern.slice(1), rest),
        );
      }
      return value.startsWith(pattern[0] as string) && naive(pattern.slice(1), value.slice(1));
    };
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(
        patterns,
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }),
        (pattern, value) => {
          fc.pre(!pattern.includes('**'));
          expect(listFits([{ wildcard: pattern }], value)).toBe(naive(pattern, value));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('compares numbers as numbers are compared', () => {
    const bound = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(bound, bound, fc.double({ min: -6, max: 6, noNaN: true }), (from, to, value) => {
        fc.pre(from < to);
        expect(listFits([{ numeric: ['>=', from, '<', to] }], value)).toBe(value >= from && value < to);
        expect(listFits([{ numeric: ['>', from, '<=', to] }], value)).toBe(value > from && value <= to);
      }),
    );
  });

  it('fits nothing that is no event, and throws at none', () => {
    const pattern = compilePattern({ x: { y: ['a', { exists: false }] } });
    fc.assert(fc.property(fc.anything(), (event) => typeof pattern(event) === 'boolean'));
    expect(pattern(undefined)).toBe(false);
    expect(pattern([{ x: { y: 'a' } }])).toBe(false);
  });
});
