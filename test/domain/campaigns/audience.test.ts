import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIENCE_LENGTH_MAX, AUDIENCE_STEPS_MAX, compileAudience } from '#domain/campaigns/audience.ts';
import { PROFILE_FIELDS, type Profile, profileOf } from '#domain/people/customers/profile.ts';
import { SZ01 } from '../../support/chain.ts';
import { audienceOf, NOON_MS, personOf } from './world.ts';

const PROFILE: Profile = {
  ...profileOf(personOf(), { nowMs: NOON_MS, ...SZ01 }),
  buys: 4,
  spent: 500.5,
  lastBuyDays: 12,
  products: ['A1', 'B2', 'B3'],
  isMember: true,
  weekday: 7,
  hour: 14,
};

const ask = (text: string, profile: Profile = PROFILE) => audienceOf(text).isIn(profile);
const faultsOf = (text: string) => {
  const compiled = compileAudience(text);
  return compiled.kind === 'faulty' ? compiled.faults : [];
};

describe('an audience', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['buys >= 4 && lastBuyDays < 30', true],
    ['buys > 4', false],
    ['isMember && !(weekday in [1, 2, 3, 4, 5])', true],
    ['spent > 500', true],
    ['spent >= 500.5 && spent < 501', true],
    ['buys * 2 - 1 == 7 && buys % 3 == 1 && buys / 3 == 1 && -buys < 0', true],
    ['spent / double(buys) > 125.0', true],
    ['"A1" in products && !("A2" in products)', true],
    ['products.exists(p, p.startsWith("B"))', true],
    ['products.all(p, p.startsWith("B"))', false],
    ['products.exists_one(p, p.endsWith("1"))', true],
    ['products.filter(p, p.contains("B")).size() == 2', true],
    ['products.map(p, p + "x") == ["A1x", "B2x", "B3x"]', true],
    ['size(products.map(p, p != "A1", p)) == 2', true],
    ['(hour < 12 ? "morning" : "afternoon") == "afternoon"', true],
    ['products[0] == "A1"', true],
    ['products.filter(p, p == "Z").all(p, p == "A1")', true],
    ['"好".size() == 1', true],
  ])('evaluates %s', (text, isIn) => {
    expect(ask(text)).toBe(isIn);
  });

  it.each([
    ['bys > 2', 0, 3, 'bys is not a field of a profile; did you mean buys?'],
    ['buys > 1 && spend > 2', 12, 17, 'did you mean spent?'],
    ['colour == "red"', 0, 6, /available are knownDays, isMember, .*weekday$/],
    ['isMember && bought("A1")', 12, 24, /bought with 1 values is not a function/],
    ['"A1".matches("A.")', 0, 18, /matches with 1 values is not a method/],
    ['spent == 500', 0, 12, /write 500\.0 for 500/],
    ['buys > "3"', 0, 10, /int > string/],
    ['products > 3', 0, 12, /list<string> > int/],
    ['buys', 0, 4, /must evaluate to true or false, but evaluates to int/],
    ['buys >', 6, 6, 'ends too early'],
    ['buys >> 2', 6, 7, /Unexpected/],
    ['', 0, 0, /is empty; write true to include all/],
    ['   ', 0, 0, /is empty/],
    ['products.exists(buys, true)', 16, 20, /buys is a field of a profile; name the item something else/],
    ['products.exists("p", true)', 16, 19, /needs a name for each item/],
    ['1u == 1u', 0, 2, /of a type that no field/],
    ['b"a" == b"a"', 0, 4, /of a type that no field/],
    ['{"a": 1} == {"a": 1}', 0, 8, /not part of the language/],
    ['products.length > 1', 0, 15, /no field of a profile has parts/],
    ['has(products.x)', 0, 15, /has with 1 values is not a function/],
    ['cel.bind(x, 1, x == 1)', 0, 22, /bind with 3 values/],
    ['type(buys) == int', 0, 10, /type with 1 values/],
  ])('is rejected when it is compiled, with the place of the fault: %s', (text, start, end, message) => {
    const [first] = faultsOf(text);
    expect(first).toMatchObject({ start, end });
    expect(first?.message).toMatch(message);
  });

  it('reports every unknown name at once', () => {
    expect(faultsOf('bys > 1 || spend > 2').map(({ start }) => start)).toEqual([0, 11]);
  });

  it.each([
    ['1 / (buys - 4) == 1', /division by zero/],
    ['1 % (buys - 4) == 1', /modulo by zero/],
    ['9223372036854775807 + buys > 0', /overflow/],
    ['9223372036854775807 * buys > 0', /overflow/],
    ['products[7] == "A1"', /No such key|out of/i],
  ])('is unreadable, neither true nor false, where the evaluation fails: %s', (text, why) => {
    expect(ask(text)).toMatchObject({ kind: 'unreadable', why: expect.stringMatching(why) });
  });

  it('short-circuits, so that a failing part does not matter', () => {
    expect(ask('1 / (buys - 4) == 1 || isMember')).toBe(true);
    expect(ask('1 / (buys - 4) == 1 && !isMember')).toBe(false);
    expect(ask('isMember || 1 / (buys - 4) == 1')).toBe(true);
    expect(ask('products.exists(p, p == "A1" || 1 / 0 == 1)')).toBe(true);
  });

  it('can use every field of the profile, by its type', () => {
    const written = { bool: '!X', int: 'X > -2', double: 'X >= 0.0 || X < 0', 'list<string>': '"x" in X' };
    for (const [name, { type }] of Object.entries(PROFILE_FIELDS)) {
      expect(typeof ask(written[type].replaceAll('X', name)), name).toBe('boolean');
    }
  });

  it('lists the fields that it reads', () => {
    expect(audienceOf('buys > 1 && (isMember || buys > 2)').fields).toEqual(['buys', 'isMember']);
  });
});

describe('an audience that is too expensive', () => {
  const doubling = `["x"]${'.map(a, a + a)'.repeat(20)}.size() > 1`;

  it.each([
    ['a loop in a loop in a loop', 'products.all(a, products.all(b, products.all(c, a != b || b != c)))'],
    ['a text that doubles with each step', doubling],
    [
      'lists that are put together and walked through twice',
      `(${Array.from({ length: 20 }, () => 'products').join(' + ')}).all(a, (${Array.from({ length: 20 }, () => 'products').join(' + ')}).all(b, a == b))`,
    ],
    ['a list within a list within a list', 'products.map(a, products.map(b, products)) == []'],
  ])('is rejected before it is evaluated: %s', (_, text) => {
    expect(faultsOf(text)[0]?.message).toMatch(/may take [\d.e+]+ steps for one customer/);
  });

  it('is rejected for its length, its depth and its number of parts', () => {
    expect(faultsOf(`"${'x'.repeat(AUDIENCE_LENGTH_MAX)}" == ""`)[0]).toMatchObject({
      start: AUDIENCE_LENGTH_MAX,
      message: `must not be longer than ${AUDIENCE_LENGTH_MAX} characters`,
    });
    expect(faultsOf(`${'('.repeat(99)}true${')'.repeat(99)}`)[0]?.message).toMatch(/too many brackets/);
    expect(faultsOf(`${'!'.repeat(1_900)}true`)[0]?.message).toMatch(/too long/);
    expect(faultsOf(Array.from({ length: 260 }, () => 'true').join('&&'))[0]?.message).toMatch(/too long/);
    expect(faultsOf(`1 in [${'1,'.repeat(300)}1]`)[0]?.message).toMatch(/too long/);
  });

  it('takes one step more than its parts for a choice, a negation and an item of a list', () => {
    const steps = (text: string): number => audienceOf(text).stepsMax;
    // A comparison takes one step for itself and one for each side beyond what its sides take.
    const compared = steps('buys > 1') + steps('spent > 1.0') + steps('isMember == true');
    expect(steps('buys > 1 ? spent > 1.0 : isMember == true')).toBe(1 + compared);
    expect(steps('!(buys > 1)')).toBe(1 + steps('buys > 1'));
    expect(steps('-buys > 1')).toBe(1 + steps('buys > 1'));
    expect(steps('[buys, 2, 3][0] > 1') - steps('buys > 1')).toBe(1 + (1 + 3) + 1 - 1);
    const long = 'x'.repeat(640);
    // Ten stretches of the item, copied once and compared once.
    expect(steps(`(["${long}"][0] + "y") == "z"`) - steps('(["x"][0] + "y") == "z"')).toBe(2 * 9);
  });

  it('is bounded by the step limit at its heaviest', () => {
    const [heaviest] = ['products.all(p, p in products)'].map(audienceOf);
    const products = Array.from({ length: 100 }, (_, index) => `A${index}`);
    expect(heaviest?.stepsMax).toBeGreaterThan(10_000);
    expect(heaviest?.stepsMax).toBeLessThanOrEqual(AUDIENCE_STEPS_MAX);
    expect(heaviest?.isIn({ ...PROFILE, products })).toBe(true);
  });
});

const token = fc.constantFrom(
  ...Object.keys(PROFILE_FIELDS),
  ...['true', 'false', '0', '1', '2.5', '9223372036854775807', '"A1"', 'p', 'q'],
  ...[
    '&&',
    '||',
    '!',
    '==',
    '!=',
    '<',
    '>=',
    '+',
    '-',
    '*',
    '/',
    '%',
    'in',
    '?',
    ':',
    '(',
    ')',
    '[',
    ']',
    ',',
    '.',
  ],
  ...[
    'size',
    'double',
    'exists',
    'filter',
    'map',
    'all',
    'startsWith',
    'products.exists(p,',
    'products.map(p,',
  ],
  ...['{', '}', '"', "'", '\\', '#', '\n', '𝄞', '\u0000', 'matches', 'constructor', '__proto__'],
);
const anyText = fc.oneof(
  fc.array(token, { maxLength: 24 }).map((tokens) => tokens.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Well-formed expressions of a known type, of any depth. */
const { yes } = fc.letrec<{ yes: string; whole: string; words: string }>((tie) => ({
  yes: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false', 'isMember'),
    fc
      .tuple(tie('whole'), fc.constantFrom('<', '<=', '==', '!=', '>', '>='), tie('whole'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('yes'), fc.constantFrom('&&', '||'), tie('yes')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('yes').map((a) => `!${a}`),
    fc
      .tuple(tie('words'), fc.constantFrom('all', 'exists', 'exists_one'), tie('yes'))
      .map(([list, macro, a]) => `${list}.${macro}(p, p != "A1" || ${a})`),
    tie('words').map((list) => `("A1" in ${list})`),
  ),
  whole: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('0', '3', 'buys', 'hour', 'lastBuyDays', '9223372036854775807'),
    fc
      .tuple(tie('whole'), fc.constantFrom('+', '-', '*', '/', '%'), tie('whole'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('words').map((list) => `${list}.size()`),
    fc.tuple(tie('yes'), tie('whole'), tie('whole')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
  words: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('products', '["A1"]', '[""]'),
    fc.tuple(tie('words'), tie('words')).map(([a, b]) => `(${a} + ${b})`),
    fc.tuple(tie('words'), tie('yes')).map(([list, a]) => `${list}.filter(p, ${a})`),
    tie('words').map((list) => `${list}.map(p, p + "x")`),
  ),
}));

describe('any text', () => {
  it('either compiles to an audience that evaluates, or gets faults within its range', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const compiled = compileAudience(text);
        if (compiled.kind === 'compiled') {
          const answer = compiled.audience.isIn(PROFILE);
          expect(typeof answer === 'boolean' || answer.kind === 'unreadable').toBe(true);
          return;
        }
        expect(compiled.faults.length).toBeGreaterThan(0);
        for (const { start, end, message } of compiled.faults) {
          expect(message).not.toBe('');
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is rejected for its cost only if well formed, and evaluates to the same each time', () => {
    fc.assert(
      fc.property(yes, (text) => {
        const compiled = compileAudience(text);
        if (compiled.kind === 'faulty') {
          expect(compiled.faults[0]?.message).toMatch(
            /may take|too long|too many brackets|must not be longer/,
          );
          return;
        }
        expect(compiled.audience.stepsMax).toBeLessThanOrEqual(AUDIENCE_STEPS_MAX);
        const answer = compiled.audience.isIn(PROFILE);
        expect(compiled.audience.isIn(PROFILE)).toEqual(answer);
        expect(audienceOf(text).isIn(PROFILE)).toEqual(answer);
      }),
      { numRuns: 1_000 },
    );
  });

  it('compares numbers numerically', () => {
    const number = fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.constantFrom(-1, 0, 1));
    fc.assert(
      fc.property(
        number,
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: 0, max: 99 }),
        (buys, limit, cents) => {
          const spent = limit + cents / 100;
          const profile = { ...PROFILE, buys, spent };
          expect(ask(`buys >= ${limit}`, profile)).toBe(buys >= limit);
          expect(ask(`buys == ${limit}`, profile)).toBe(buys === limit);
          expect(ask('spent > buys', profile)).toBe(spent > buys);
          expect(ask(`spent <= ${limit}`, profile)).toBe(spent <= limit);
        },
      ),
    );
  });
});
