/**
 * Malformed requests: a valid one with one part replaced, duplicated, added, cut off or broken, as text, so that invalid JSON
 * is included.
 */
import fc from 'fast-check';

export interface Malformed {
  readonly body: string | Uint8Array;
  /** False for requests that are provably invalid without the code under test. */
  readonly mayBeSound: boolean;
}

type Path = readonly string[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...at, key]))];
}
/** The valid request as text, with the part at a path replaced. */
function written(value: unknown, path: Path | undefined, edit: (text: string) => string): string {
  if (path?.length === 0) return edit(written(value, undefined, edit));
  const inner = (key: string): Path | undefined => (path?.[0] === key ? path.slice(1) : undefined);
  if (Array.isArray(value)) {
    return `[${value.map((part, index) => written(part, inner(String(index)), edit)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(
      ([key, part]) => `${JSON.stringify(key)}:${written(part, inner(key), edit)}`,
    );
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value);
}
const WRONG_VALUES = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '[{}]',
  '""',
  '" "',
  '"#"',
  '"a#b"',
  '"x"',
  '0',
  '-0',
  '-1',
  '1',
  '1.5',
  '1e9',
  '1e400',
  '-1e400',
  '1e-400',
  '0.00001',
  '0.99999999999999999',
  '9007199254740993',
  '12345678901234567890',
  '"12345678901234567890"',
  '"1.23456"',
  '"1e3"',
  '"NaN"',
  '"-0.0001"',
  'NaN',
  'Infinity',
  '01',
  '+1',
  '.5',
  '1.',
  '0x10',
  "'x'",
  'undefined',
  '',
  '"',
  '{',
  ']',
  '//',
  '"\\u0000"',
  '"\\u001f"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ufffd"',
  '"\\x"',
  '"\\u12"',
  '"\u0007"',
  '"\ufeff"',
  '"\u2028"',
  '"💥"',
  '{"__proto__":1}',
  '{"a":1,"a":2}',
  '{"length":1}',
  '"2026-02-30"',
  '"9999-12-31"',
  '"0000-01-01T00:00:00Z"',
  '"2026-11-22T10:03:60"',
  `"${'x'.repeat(10_000)}"`,
  `"${'深'.repeat(70)}"`,
  '9'.repeat(10_000),
  `${'['.repeat(33)}${']'.repeat(33)}`,
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  '['.repeat(50_000),
  `[${'0,'.repeat(10_000)}0]`,
] as const;

const WRONG_KEYS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'discont',
  'Till',
  '\ud800',
  '\u0000',
  '深'.repeat(3_000),
  'a/b~c',
  'x'.repeat(5_000),
];

/** The valid request of an endpoint, and floods specific to it, with the number of each. */
export interface Door {
  readonly sound: object;
  readonly floods: ReadonlyArray<readonly [weight: number, path: Path, text: string]>;
}

/** Arbitraries of an endpoint's malformed requests, and its valid request as text. */
export function malformedAt({ sound: SOUND, floods }: Door): {
  readonly malformed: fc.Arbitrary<Malformed>;
  readonly soundBody: string;
} {
  const paths = pathsOf(SOUND);
  const objectPaths = paths.filter((path) => {
    const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], SOUND);
    return typeof found === 'object' && !Array.isArray(found);
  });
  const sound = (path?: Path, edit: (text: string) => string = (text) => text): string =>
    written(SOUND, path, edit);

  const replaced = fc
    .tuple(
      fc.constantFrom(...paths),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...WRONG_VALUES) },
        { weight: 1, arbitrary: fc.json() },
      ),
    )
    .map(([path, text]): Malformed => ({ body: sound(path, () => text), mayBeSound: true }));
  const added = fc
    .tuple(fc.constantFrom(...objectPaths), fc.constantFrom(...WRONG_KEYS), fc.constantFrom(...WRONG_VALUES))
    .map(
      ([path, key, value]): Malformed => ({
        body: sound(path, (text) => text.replace('{', () => `{${JSON.stringify(key)}:${value},`)),
        mayBeSound: false,
      }),
    );
  const doubled = fc.constantFrom(...objectPaths).map(
    (path): Malformed => ({
      body: sound(path, (text) => text.replace(/^\{("\w+"):/, '{$1:"other",$1:')),
      mayBeSound: false,
    }),
  );
  const cutOff = fc
    .nat(sound().length - 1)
    .map((length): Malformed => ({ body: sound().slice(0, length), mayBeSound: false }));
  const brokenBytes = fc
    .tuple(fc.nat(sound().length - 1), fc.constantFrom(0xff, 0xc0, 0xed, 0x80))
    .map(([at, byte]): Malformed => {
      const bytes = Buffer.from(sound());
      bytes[at] = byte;
      return { body: bytes, mayBeSound: false };
    });
  const noise = fc.oneof(
    fc.json().map((body): Malformed => ({ body, mayBeSound: false })),
    fc.uint8Array({ maxLength: 200 }).map((body): Malformed => ({ body, mayBeSound: false })),
    fc.string({ unit: 'binary' }).map((body): Malformed => ({ body, mayBeSound: false })),
  );
  const flooded = floods.map(([weight, path, text]) => ({
    weight,
    arbitrary: fc.constant<Malformed>({ body: sound(path, () => text), mayBeSound: false }),
  }));
  return {
    malformed: fc.oneof(
      { weight: 600, arbitrary: replaced },
      { weight: 150, arbitrary: added },
      { weight: 40, arbitrary: doubled },
      { weight: 60, arbitrary: cutOff },
      { weight: 60, arbitrary: brokenBytes },
      { weight: 80, arbitrary: noise },
      ...flooded,
    ),
    soundBody: sound(),
  };
}

/** The same text so many times in a list. */
const many = (count: number, text: string): string => `[${Array(count).fill(text).join(',')}]`;

const SOUND_RECEIPTS = {
  receipts: [
    {
      store: 'sz01',
      till: 'T1',
      receiptNo: '1',
      closedAt: '2026-11-22T10:03:12',
      businessDay: '2026-11-22',
      currency: 'CNY',
      cashier: 'E-17',
      phone: '+8613800138000',
      memberNo: 'M1',
      discount: 1,
      lines: [
        {
          product: 'SKU-1',
          name: 'Scarf',
          quantity: 2,
          unitPrice: '9.50',
          discount: 1,
          scannedAt: '2026-11-22T10:03',
        },
        { product: 'SKU-2', quantity: -1, unitPrice: 5 },
      ],
      payments: [{ method: 'cash', amount: '12.00' }],
    },
  ],
};

export const { malformed, soundBody: SOUND_BODY } = malformedAt({
  sound: SOUND_RECEIPTS,
  floods: [
    [2, ['receipts', '0', 'lines'], many(10_000, '0')],
    [2, ['receipts', '0', 'lines'], many(10_000, '{}')],
    [2, ['receipts', '0', 'lines'], many(10_000, '{"product":"a","quantity":1,"unitPrice":1}')],
    [2, ['receipts'], many(501, '{}')],
    [1, ['receipts'], many(5_000, '{}')],
    // Half a million errors in less than a megabyte.
    [1, ['receipts'], many(500, `{"lines":${many(980, '0')}}`)],
  ],
});

const SEEN_AT = '2026-11-22T10:03:12.500+08:00';
const SOUND_SIGHTINGS = {
  sightings: [
    {
      kind: 'track',
      sensor: 'ceiling-1',
      track: 'a1',
      samples: [
        { at: 1_795_312_992_000, x: 10, y: 20.5, height: 176 },
        { at: SEEN_AT, x: 11, y: 21 },
      ],
      isStaff: false,
      bestShot: '/9j/2Q==',
    },
    { kind: 'passage', sensor: 'door-1', from: '2026-11-22T10:00:00+08:00', to: SEEN_AT, in: 4, out: 3 },
    { kind: 'stay', sensor: 'ceiling-1', track: 7, zone: 'window', from: 1_795_312_992_000, to: SEEN_AT },
  ],
};

export const SIGHTINGS_DOOR = malformedAt({
  sound: SOUND_SIGHTINGS,
  floods: [
    [2, ['sightings', '0', 'samples'], many(10_000, '0')],
    [2, ['sightings', '0', 'samples'], many(10_000, '{"at":1,"x":1,"y":1}')],
    [1, ['sightings', '0', 'bestShot'], `"/9j/${'A'.repeat(600_000)}"`],
    [2, ['sightings'], many(501, '{}')],
    [1, ['sightings'], many(500, `{"kind":"track","samples":${many(980, '0')}}`)],
  ],
});
